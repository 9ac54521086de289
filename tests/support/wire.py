"""A house of rooms without sockets: a fake engine, virtual time, and clients that say messages."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar  # Any: fields of a message

from livekit.protocol import models, rtc

from veche.engine import Command, Event
from veche.livekit.room import Happened, Ids, Moment, Room, Surroundings
from veche.livekit.rooms import Rooms
from veche.livekit.tokens import Claims, Grants, Keys, mint_refresh

from .offers import OfferText

KEYS = Keys({"key": "s" * 32})
NOW = 1_800_000_000.0

C = TypeVar("C", bound=Command)


def claims(identity: str, room: str = "room", **grants: object) -> Claims:
    return Claims(
        issuer="key",
        identity=identity,
        name=identity.title(),
        metadata="",
        attributes={},
        kind=models.ParticipantInfo.STANDARD,
        grants=replace(Grants(room=room, may_join=True), **grants),  # type: ignore[arg-type]
    )


class House:
    def __init__(self, *, simulates_faults: bool = False) -> None:
        self.now = 1000.0
        self.commands: list[Command] = []
        self.happened: list[str] = []
        around = Surroundings(
            ids=Ids(),
            fingerprint="sha-256 " + ":".join(["AB"] * 32),
            candidates=(("192.0.2.1", 7882),),
            node_id="ND_test",
            refresh_token=lambda who, wall: mint_refresh(who, KEYS, wall),
            simulates_faults=simulates_faults,
        )
        self.rooms = Rooms(around, self._submit, self._moment, self._heard)

    def _submit(self, commands: list[Command]) -> None:
        self.commands += commands

    def _moment(self) -> Moment:
        return Moment(self.now, int((NOW + self.now) * 1000))

    def _heard(self, room: Room, happened: Happened) -> None:
        self.happened.append(happened.event)

    def wait(self, seconds: float) -> None:
        """Let time pass in small steps, so that timers fire when they are due."""
        end = self.now + seconds
        while self.now < end:
            soonest = min((room.next_deadline for room in self.rooms), default=end)
            self.now = min(max(soonest, self.now + 0.001), end)
            self.rooms.run_timers()

    def room(self, name: str = "room") -> Room:
        room = self.rooms.find(name)
        assert room is not None
        return room

    def take(self, kind: type[C]) -> list[C]:
        """The commands of a kind so far, taken out of the record."""
        found = [command for command in self.commands if isinstance(command, kind)]
        self.commands = [command for command in self.commands if not isinstance(command, kind)]
        return found

    def join(
        self,
        identity: str,
        *,
        offer: OfferText | None = None,
        connected: bool = True,
        claim: Claims | None = None,
        change: Callable[[rtc.JoinRequest], None] = lambda request: None,
    ) -> "Client":
        client = Client(self, claim or claims(identity), offer or OfferText())
        request = client.join_request()
        change(request)
        client.id = self.rooms.join(client.claims, request, client)
        if connected:
            client.connect()
        return client


@dataclass
class Client:
    """Keeps what it was told; an `Outlet`."""

    house: House
    claims: Claims
    offer: OfferText
    id: int = 0
    heard: list[rtc.SignalResponse] = field(default_factory=list)
    is_hung_up: bool = False

    def post(self, frame: bytes) -> None:
        assert not self.is_hung_up, "a message after the goodbye"
        self.heard.append(rtc.SignalResponse.FromString(frame))

    def hang_up(self) -> None:
        self.is_hung_up = True

    def join_request(self) -> rtc.JoinRequest:
        return rtc.JoinRequest(
            client_info=models.ClientInfo(protocol=17, client_protocol=2),
            connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
            publisher_offer=rtc.SessionDescription(type="offer", sdp=str(self.offer), id=1),
        )

    # --- saying ----------------------------------------------------------------------------

    def say(self, **message: object) -> None:
        self.house.rooms.receive(self.id, rtc.SignalRequest(**message))  # type: ignore[arg-type]

    def make_offer(self, offer: OfferText, number: int = 2) -> rtc.SessionDescription:
        self.offer = offer
        self.say(offer=rtc.SessionDescription(type="offer", sdp=str(offer), id=number))
        answer: rtc.SessionDescription = self.last("answer")
        return answer

    def add_track(
        self, cid: str, kind: str = "audio", source: str = "MICROPHONE", **more: Any
    ) -> None:
        self.say(
            add_track=rtc.AddTrackRequest(
                cid=cid,
                name=cid,
                type=kind.upper(),
                source=source,
                **more,
            )
        )

    def event(self, event: Event) -> None:
        self.house.rooms.handle_events([event])

    def connect(self) -> None:
        self.event(Event.Connected(self.id))

    def open_channels(self) -> None:
        for label in ("_reliable", "_lossy"):
            self.event(Event.ChannelOpened(self.id, label))

    # --- hearing ---------------------------------------------------------------------------

    def kinds(self) -> list[str]:
        return [message.WhichOneof("message") or "" for message in self.heard]

    def all(self, kind: str) -> list[object]:
        return [getattr(m, kind) for m in self.heard if m.WhichOneof("message") == kind]

    def last(self, kind: str):  # type: ignore[no-untyped-def]  # the message's own type
        found = self.all(kind)
        assert found, f"never heard {kind}, only {self.kinds()}"
        return found[-1]

    def forget(self) -> None:
        self.heard.clear()

    def sees(self) -> dict[str, models.ParticipantInfo]:
        """Others, by identity, as the messages so far tell them."""
        others: dict[str, models.ParticipantInfo] = {}
        versions: dict[str, int] = {}
        for message in self.heard:
            infos = [*message.join.other_participants, *message.update.participants]
            for info in infos:
                if (
                    info.identity == self.claims.identity
                    or versions.get(info.sid, -1) >= info.version
                ):
                    continue
                versions[info.sid] = info.version
                if info.state == models.ParticipantInfo.DISCONNECTED:
                    if info.identity in others and others[info.identity].sid == info.sid:
                        del others[info.identity]
                else:
                    others[info.identity] = info
        return others

    @property
    def sid(self) -> str:
        return str(self.last("join").participant.sid)
