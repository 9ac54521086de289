"""Whoever has lost his link leaves the media room; what fails there holds back nobody else."""

import asyncio

from veche.domain.account import AccountId
from veche.domain.identity import MeetingNumber
from veche.media.port import MediaRefused
from veche.services.rooms import room_of, talkback_of
from veche.services.turning_out import TurningOut


class Room:
    """A media room without `nobody`."""

    def __init__(self) -> None:
        self.removed: list[tuple[str, str, bool]] = []

    async def remove(self, room: str, identity: str, *, revoke: bool = False) -> None:
        if identity == "nobody":
            raise MediaRefused("not_found", "not in the room")
        self.removed.append((room, identity, revoke))


async def test_sessions_end_and_their_tokens_with_them() -> None:
    room = Room()
    turning_out = TurningOut(room)
    identities = ["person-popkov", "nobody", "hall-kursk"]
    await asyncio.to_thread(turning_out.turn_out, MeetingNumber(67), identities)
    await asyncio.to_thread(turning_out.turn_out, MeetingNumber(68), ["hall-minsk"])
    await asyncio.sleep(0)
    await turning_out.settled()
    assert room.removed == [
        ("meeting-67", "person-popkov", True),
        ("meeting-67", "hall-kursk", True),
        ("meeting-68", "hall-minsk", True),
    ]


async def test_staff_leaves_the_room_that_is_led_and_its_own() -> None:
    room = Room()
    turning_out = TurningOut(room)
    await asyncio.to_thread(turning_out.turn_out_staff, [MeetingNumber(67)], AccountId("a-1"))
    await asyncio.sleep(0)
    await turning_out.settled()
    assert [(where, who) for where, who, _ in room.removed] == [
        (room_of(MeetingNumber(67)), "staff-account-a-1"),
        (talkback_of(MeetingNumber(67)), "staff-account-a-1"),
    ]
