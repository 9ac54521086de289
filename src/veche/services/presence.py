"""The media server's list of a meeting, read as the meeting's own people. Pure."""

from collections.abc import Iterable

from veche.domain.meeting import Meeting
from veche.domain.presence import Connection, Kind, kind_of
from veche.domain.scene import told
from veche.domain.stage import Endpoint, halls
from veche.domain.timeline import Entry, EntryKind
from veche.media.port import Present


def connections(meeting: Iterable[Present], talkback: Iterable[Present]) -> tuple[Connection, ...]:
    """Everybody in both rooms, in an order that does not depend on who came when."""
    everybody = [_connection(it, is_talkback=False) for it in meeting]
    everybody += [_connection(it, is_talkback=True) for it in talkback]
    return tuple(sorted(everybody, key=lambda it: (it.kind, it.identity, it.is_talkback)))


def gone_and_come(
    before: tuple[Connection, ...], after: tuple[Connection, ...]
) -> tuple[Entry, ...]:
    """Entries of the log; spectators are counted and not logged one by one."""
    old, new = (
        {(it.identity, it.is_talkback): it for it in them if it.kind is not Kind.SPECTATOR}
        for them in (before, after)
    )
    gone = [_entry(EntryKind.LEFT, old[key]) for key in old if key not in new]
    come = [_entry(EntryKind.JOINED, new[key]) for key in new if key not in old]
    return (*gone, *come)


def slides_of(present: tuple[Connection, ...], meeting: Meeting) -> Endpoint | None:
    """Who shows a document; of several the first by name."""
    for one in present:
        if "screen_share" not in one.sources or one.is_talkback:
            continue
        for hall in halls(meeting):
            if hall.site is not None and hall.site == one.site:
                return hall
        for person in meeting.roster:
            if person.id == one.participation:
                return Endpoint.of(person)
    return None


def _connection(present: Present, *, is_talkback: bool) -> Connection:
    kind = kind_of(present.identity)
    sources = sorted(track.source for track in present.tracks if not track.is_muted)
    return Connection(
        identity=present.identity,
        name=present.name,
        kind=kind,
        is_connected=present.is_connected,
        sources=tuple(sources),
        is_talkback=is_talkback,
    )


def _entry(kind: EntryKind, one: Connection) -> Entry:
    return told(
        kind,
        identity=one.identity,
        name=one.name,
        connection=one.kind,
        is_talkback=one.is_talkback,
    )
