"""One line of the record of changes: who did what to what, when, and how it stood before.

Lines form a chain: each carries the hash of itself and of the line before it, so that one
that is edited, taken out or put in is named by `unbroken`'s findings.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from veche.domain.actor import Actor

Json = Any
"""What JSON can hold: None, booleans, numbers, texts, lists and objects of these."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    sequence: int
    """From 1 without gaps, over the whole house."""
    at: datetime
    actor: Actor
    action: str
    subject: str
    """Kind and id of what was changed, as `meeting/67`."""
    before: Json
    after: Json
    refusal: str | None
    """Code of the refusal; None for what was done."""
    request_id: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class AuditFault:
    """Something that does not fit, and the record at which it shows."""

    sequence: int
    words: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    count: int
    head: str
    """Hash of the newest record: noted elsewhere, it also shows a chain that was made anew."""
    faults: tuple[AuditFault, ...]

    @property
    def is_whole(self) -> bool:
        return not self.faults
