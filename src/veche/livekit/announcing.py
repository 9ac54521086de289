"""Telling people about each other: participants, the room, speakers, line quality.

Changes are gathered: those of publishers go out at once because media may follow, those of people
who only listen after `UPDATE_GATHER_S`. Versions rise with every change; clients drop older ones.
"""

from collections.abc import Iterable, Mapping

from livekit.protocol import models, rtc

from . import limits
from .people import Participant, State
from .room import Departed, Room, Timer

_ACTIVE_LEVEL = 0.0


def changed(room: Room, participant: Participant, *, at_once: bool = True) -> None:
    """Something of the participant's public information is new."""
    participant.version += 1
    room.news[participant.id] = participant
    if at_once:
        send_news(room)
    else:
        room.set_timer(Timer.UPDATES, 0, limits.UPDATE_GATHER_S, keep=True)


def send_news(room: Room) -> None:
    news, room.news = list(room.news.values()), {}
    room.stop_timer(Timer.UPDATES, 0)
    public: list[tuple[Participant, models.ParticipantInfo]] = []
    for participant in news:
        has_left = participant.state == State.DISCONNECTED
        if participant.is_visible or (has_left and participant.was_announced):
            participant.was_announced = not has_left
            info = participant.info()
            public.append((participant, info))
            if has_left:
                room.departed.append(Departed(room.now.monotonic, info))
    shared = _update(info for _, info in public)
    unseen = {p.id for p in news if not p.is_visible}
    for recipient in room.participants.values():
        if recipient.id in unseen:  # still, it must see its own change
            room.post(recipient, _update([*(info for _, info in public), recipient.info()]))
        elif public:
            room.post(recipient, shared)


def _update(infos: Iterable[models.ParticipantInfo]) -> rtc.SignalResponse:
    return rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=infos))


def everybody(room: Room, recipient: Participant) -> None:
    """What a resumed client missed: who left meanwhile, and all who are here, itself included."""
    infos = [d.info for d in room.departed if d.at >= recipient.signal_lost_at]
    infos += [p.info() for p in room.participants.values() if p.is_visible or p is recipient]
    room.post(recipient, _update(infos))


def room_changed(room: Room, *, at_once: bool) -> None:
    """Metadata and recording are told at once, counts at most every `ROOM_UPDATE_S`."""
    room.version += 1
    if at_once:
        send_room(room)
    else:
        room.set_timer(Timer.ROOM_UPDATE, 0, limits.ROOM_UPDATE_S, keep=True)


def send_room(room: Room) -> None:
    room.stop_timer(Timer.ROOM_UPDATE, 0)
    update = rtc.RoomUpdate(room=room.info())
    for recipient in room.participants.values():
        room.post(recipient, rtc.SignalResponse(room_update=update))


def speakers_changed(room: Room, levels: Iterable[tuple[int, float]]) -> None:
    """Tell each what changed among those it can hear, and each speaker about itself."""
    speaking: list[tuple[Participant, models.SpeakerInfo]] = []
    for participant_id, level in levels:
        participant = room.participants.get(participant_id)
        if participant is not None and not participant.is_hidden:
            info = models.SpeakerInfo(
                sid=participant.sid, level=level, active=level > _ACTIVE_LEVEL
            )
            speaking.append((participant, info))
    for recipient in room.participants.values():
        heard = {
            subscription.publication.publisher.id
            for subscription in recipient.subscriptions.values()
            if subscription.id is not None and subscription.publication.kind == "audio"
        }
        speakers = [info for p, info in speaking if p is recipient or p.id in heard]
        if speakers:
            changes = rtc.SpeakersChanged(speakers=speakers)
            room.post(recipient, rtc.SignalResponse(speakers_changed=changes))


def qualities_changed(
    room: Room, judged: Mapping[int, tuple[models.ConnectionQuality, float]]
) -> None:
    """To each what is new of its own line and of the lines it watches."""
    lines = {
        participant.id: rtc.ConnectionQualityInfo(
            participant_sid=participant.sid,
            quality=judged[participant.id][0],
            score=judged[participant.id][1],
        )
        for participant in room.participants.values()
        if participant.is_active and participant.id in judged
    }
    for recipient in room.participants.values():
        watched = {s.publication.publisher.id for s in recipient.subscriptions.values()}
        visible = {i.participant_sid: i for n, i in lines.items() if n in {*watched, recipient.id}}
        told = recipient.told_qualities
        news = [info for sid, info in visible.items() if told.get(sid) != info.quality]
        recipient.told_qualities = {sid: info.quality for sid, info in visible.items()}
        if news:
            update = rtc.ConnectionQualityUpdate(updates=news)
            room.post(recipient, rtc.SignalResponse(connection_quality=update))
