"""The one tree of errors.

    VecheError
    ├── Refused              their input: a stable code, nobody else notices
    │   ├── Unknown          MeetingUnknown, InvitationUnknown, LetterUnknown, PersonUnknown,
    │   │                    SiteUnknown, RequestUnknown, ItemUnknown
    │   ├── NotSignedIn      SignInRefused
    │   ├── Over             InvitationRevoked, InvitationExpired
    │   ├── OutOfTurn        MeetingNotOpen, MeetingClosed, NotOnAir, PhaseNotReachable,
    │   │                    WordsFrozen, NotReady,
    │   │                    FloorTaken, FloorEmpty, AlreadyAsked, NothingToGiveBack, NoItemThere,
    │   │                    CueRuns, NoCue, ClipsMissing, SitesNotReady, NoCheck, TooMany
    │   ├── Forbidden        OriginNotSecure
    │   ├── TooManyAttempts
    │   ├── FieldsRefused
    │   ├── DocumentRefused  DocumentUnknown, DocumentOutdated, DocumentLocked, DocumentBroken,
    │   │                    DocumentTooLarge, TooManyRows
    │   ├── WordsRefused
    │   ├── ChangedMeanwhile
    │   └── Repeated         KeyReused, AlreadyDone
    ├── Unavailable          ours, for the moment: try again
    └── Misconfigured        the operator's: the start is refused and the key is named

A bug of ours is none of these: it is an assertion or any other exception, and it is
contained at one request. Messages hold no secret and nothing that a stranger typed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from veche.domain.actor import Actor  # it raises these


class VecheError(Exception):
    """Root of everything that is raised on purpose."""


class Refused(VecheError):
    """What they asked for is refused; `code` is stable and made for programs."""

    code: ClassVar[str] = "refused"


class Unknown(Refused):
    code = "not_found"


class MeetingUnknown(Unknown):
    """No such number, or one that nobody outside may know of: the answers are alike."""

    code = "meeting_unknown"


class InvitationUnknown(Unknown):
    code = "invitation_unknown"


class PersonUnknown(Unknown):
    """Not on the roster of this meeting."""

    code = "person_unknown"


class SiteUnknown(Unknown):
    code = "site_unknown"


class RequestUnknown(Unknown):
    """No such request for the floor: answered or withdrawn meanwhile."""

    code = "request_unknown"


class ItemUnknown(Unknown):
    code = "item_unknown"


class LetterUnknown(Unknown):
    """No such letter, or it has left: the link in it cannot be made a second time."""

    code = "letter_unknown"


class Over(Refused):
    """It was there once and never will be again."""

    code = "gone"


class InvitationRevoked(Over):
    code = "invitation_revoked"


class InvitationExpired(Over):
    code = "invitation_expired"


class OutOfTurn(Refused):
    """Not in this phase of the meeting."""

    code = "out_of_turn"


class MeetingNotOpen(OutOfTurn):
    code = "meeting_not_open"


class MeetingClosed(OutOfTurn):
    code = "meeting_closed"


class NotOnAir(OutOfTurn):
    code = "not_on_air"


class PhaseNotReachable(OutOfTurn):
    code = "phase_not_reachable"


class WordsFrozen(OutOfTurn):
    """From the air on, what was planned is a record: it is corrected in the minutes."""

    code = "words_frozen"


class NotReady(OutOfTurn):
    """The next phase asks for what is not there yet; `lacks` are the codes of the findings."""

    code = "not_ready"

    def __init__(self, lacks: Iterable[str]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(", ".join(self.lacks))


class FloorTaken(OutOfTurn):
    """Somebody has the floor already."""

    code = "floor_taken"


class FloorEmpty(OutOfTurn):
    """The speech that was to be ended, paused or made longer is over."""

    code = "floor_empty"


class AlreadyAsked(OutOfTurn):
    code = "already_asked"


class NothingToGiveBack(OutOfTurn):
    """The seconds for it are over, or somebody else speaks."""

    code = "nothing_to_give_back"


class NoItemThere(OutOfTurn):
    """Nothing follows the last item, nothing comes before the first."""

    code = "no_item_there"


class CueRuns(OutOfTurn):
    """A ceremony goes on: stop it first."""

    code = "cue_runs"


class NoCue(OutOfTurn):
    code = "no_cue"


class OfSites(OutOfTurn):
    """`sites` are the ids of the halls it is about."""

    def __init__(self, sites: tuple[str, ...]) -> None:
        super().__init__(", ".join(sites))
        self.sites = sites


class ClipsMissing(OfSites):
    """Halls that do not hold the clip yet, and nobody said to begin all the same."""

    code = "clips_missing"


class SitesNotReady(OfSites):
    """Halls without a valid sound-check, and nobody has written why the air begins all the same."""

    code = "sites_not_ready"


class NoCheck(OutOfTurn):
    """There is no sound-check to decide on."""

    code = "no_check"


class TooMany(OutOfTurn):
    """A named limit of this meeting is reached."""

    code = "too_many"


class Forbidden(Refused):
    code = "forbidden"


class OriginNotSecure(Forbidden):
    """Browsers keep the cookie of a session for https and for this machine only."""

    code = "origin_not_secure"


class NotSignedIn(Refused):
    """No session, or one that has ended; no link, where one is asked for."""

    code = "not_signed_in"


class SignInRefused(NotSignedIn):
    """Unknown login, wrong password, disabled account: the answers are alike."""

    code = "sign_in_refused"


class TooManyAttempts(Refused):
    code = "too_many_attempts"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"try again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class FieldsRefused(Refused):
    """What was typed cannot be kept; `fields` says why, each by its name."""

    code = "fields_refused"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in fields.items()))
        self.fields = dict(fields)


class DocumentRefused(Refused):
    """A file that was brought cannot be read; nothing of it was kept."""

    code = "document_refused"


class DocumentUnknown(DocumentRefused):
    """Neither DOCX nor XLSX nor text, whatever its name says."""

    code = "document_unknown"


class DocumentOutdated(DocumentRefused):
    """The binary form of before 2007: save it as DOCX or XLSX."""

    code = "document_outdated"


class DocumentLocked(DocumentRefused):
    """Encrypted with a password."""

    code = "document_locked"


class DocumentBroken(DocumentRefused):
    code = "document_broken"


class DocumentTooLarge(DocumentRefused):
    """Larger than any roster, packed or unpacked."""

    code = "document_too_large"


class TooManyRows(DocumentRefused):
    code = "too_many_rows"


class WordsRefused(Refused):
    code = "words_refused"


class ChangedMeanwhile(Refused):
    """Somebody saved a newer version: `current` is all of it, so that nothing typed is lost."""

    code = "changed_meanwhile"

    def __init__(self, current: object, changed_by: "Actor", changed_at: datetime) -> None:
        super().__init__(f"changed at {changed_at.isoformat()}")
        self.current = current
        self.changed_by = changed_by
        self.changed_at = changed_at


class Repeated(Refused):
    """A command came again under the same key and cannot be answered as it was."""


class KeyReused(Repeated):
    """The key belongs to another command."""

    code = "idempotency_key_reused"


class AlreadyDone(Repeated):
    """It was carried out, once; its answer was lost. The state tells what came of it."""

    code = "already_done"


class Unavailable(VecheError):
    """Something of ours does not answer; what was asked for may be asked again."""


class Misconfigured(VecheError):
    """The start is refused. `problems` are pairs of key and reason, all that were found."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in problems))
        self.problems = problems
