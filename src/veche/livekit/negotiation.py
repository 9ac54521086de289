"""One participant's peer connection as its descriptions know it: which section carries what.

Owns mids and their bindings over all rounds of offer and answer. Knows no room: publications
and tracks are names that it is given. A round is `begin`, then `accept_sending` and `bind`, then
`answer`. A section whose track has gone is answered `inactive` once before it carries another:
the client reports a new track only when the direction turns (WebRTC section 4.6).
"""

from dataclasses import dataclass
from enum import Enum, auto

from . import codecs
from .answer import Channels, Idle, Local, Receive, Refused, Send, Use, render
from .sdp import Codec, Offer, Section


class Transport(Enum):
    NEW = auto()
    RESTARTED = auto()
    """The client restarts ICE: new credentials, same DTLS association (RFC 8445 section 9)."""
    SAME = auto()


@dataclass(frozen=True, slots=True)
class Begun:
    """What an offer changed."""

    transport: Transport
    has_new_extensions: bool
    stopped_mids: tuple[str, ...]
    """Sections that no longer publish."""
    lost_mids: tuple[str, ...]
    """Sections that can no longer carry the track they carried."""


class Negotiation:
    def __init__(self) -> None:
        self._offer: Offer | None = None
        self._session_version = 0
        self._sending: dict[str, tuple[Codec, str]] = {}
        """mid to the accepted codec and the msid's track id."""
        self._carrying: dict[str, Send | None] = {}
        """mid to its track; None while the client still believes in one that has gone."""
        self._resting: set[str] = set()

    @property
    def offer(self) -> Offer | None:
        return self._offer

    def begin(self, offer: Offer) -> Begun:
        last, self._offer = self._offer, offer
        sections = {section.mid: section for section in offer.sections}
        stopped = [m for m in self._sending if m not in sections or not sections[m].is_sending]
        for mid in stopped:
            del self._sending[mid]
        self._resting = {mid for mid, send in self._carrying.items() if send is None}
        lost = [
            mid
            for mid, send in self._carrying.items()
            if send is not None and (mid not in sections or not sections[mid].is_receiving)
        ]
        for mid in (*self._resting, *lost):
            del self._carrying[mid]
        if last is None:
            transport = Transport.NEW
        elif (last.ufrag, last.pwd) != (offer.ufrag, offer.pwd):
            transport = Transport.RESTARTED
        else:
            transport = Transport.SAME
        return Begun(
            transport,
            last is None or last.extensions != offer.extensions,
            tuple(stopped),
            tuple(lost),
        )

    def sending_sections(self) -> list[Section]:
        return [section for section in self._sections() if section.is_sending]

    def accept_sending(self, section: Section) -> Codec | None:
        """Take the client's stream of this section, or None when we forward none of its codecs."""
        codec = codecs.published(section)
        if codec is not None:
            self._sending[section.mid] = (codec, section.track_id)
        return codec

    def track_id_of(self, mid: str) -> str | None:
        """The msid's track id under which a sending section was accepted last."""
        return self._sending[mid][1] if mid in self._sending else None

    def free_sections(self, kind: str) -> list[Section]:
        """Sections that may carry a new track in this round's answer."""
        return [
            section
            for section in self._sections()
            if section.kind == kind
            and section.is_receiving
            and section.mid not in self._carrying
            and section.mid not in self._resting
        ]

    def bind(self, mid: str, send: Send) -> None:
        self._carrying[mid] = send

    def release(self, mid: str) -> None:
        """The track of this section has gone; the section is free after the next answer."""
        if mid in self._carrying:
            self._carrying[mid] = None

    def spare_count(self, kind: str) -> int:
        """Sections that will be free for a new track in one of the next rounds."""
        return sum(
            section.kind == kind
            and section.is_receiving
            and self._carrying.get(section.mid) is None
            for section in self._sections()
        )

    def answer(self, local: Local) -> tuple[str, dict[str, str]]:
        """The answer and the complete map from mid to track: clients replace theirs by it."""
        if self._offer is None:
            raise AssertionError("an answer without an offer")
        self._session_version += 1
        uses = [self._use(section) for section in self._offer.sections]
        mids = {mid: send.track_id for mid, send in self._carrying.items() if send is not None}
        return render(self._offer, uses, local, self._session_version), mids

    def _sections(self) -> tuple[Section, ...]:
        return self._offer.sections if self._offer else ()

    def _use(self, section: Section) -> Use:
        if section.is_rejected:
            return Refused()
        if section.kind == "application":
            return Channels()
        if section.is_sending:
            accepted = self._sending.get(section.mid)
            return Receive(accepted[0]) if accepted else Refused()
        send = self._carrying.get(section.mid)
        if send is not None:
            return send
        forwardable = codecs.usable(section)
        return Idle(forwardable) if forwardable else Refused()
