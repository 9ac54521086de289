"""The log of a meeting: numbered entries that minutes, chapters and the consoles are made of.

Each carries two times: milliseconds of the meeting's own clock, which never step back, and
the wall clock's word at that moment. An entry is written in the same unit of work as the
change it tells of, and is never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from veche.domain.actor import Actor


class EntryKind(StrEnum):
    PHASE_CHANGED = "phase_changed"
    RECORD_BEGUN = "record_begun"
    """The zero of the record: chapters are counted from here."""
    CHECK_OVERRIDDEN = "check_overridden"
    FLOOR_ASKED = "floor_asked"
    REQUEST_WITHDRAWN = "request_withdrawn"
    NEXT_CALLED = "next_called"
    FLOOR_GRANTED = "floor_granted"
    FLOOR_EXTENDED = "floor_extended"
    FLOOR_PAUSED = "floor_paused"
    FLOOR_RESUMED = "floor_resumed"
    FLOOR_ENDED = "floor_ended"
    FLOOR_GIVEN_BACK = "floor_given_back"
    CHAIR_HANDED = "chair_handed"
    COMMAND_REFUSED = "command_refused"
    """Somebody at a console was late: what he wanted, and why not."""
    PICTURE_TAKEN = "picture_taken"
    TITLE_SHOWN = "title_shown"
    TITLE_HIDDEN = "title_hidden"
    ITEM_BEGUN = "item_begun"
    CUE_STARTED = "cue_started"
    CUE_ENDED = "cue_ended"
    CHECK_REPORTED = "check_reported"
    CHECK_DECIDED = "check_decided"
    DEVICES_CHANGED = "devices_changed"
    HELP_ASKED = "help_asked"
    HELP_GIVEN = "help_given"
    ARRIVAL_TICKED = "arrival_ticked"
    MOMENT_MARKED = "moment_marked"
    NOTE_PASSED = "note_passed"
    NOTE_READ = "note_read"
    JOINED = "joined"
    LEFT = "left"
    SITE_LOST = "site_lost"
    SITE_RETURNED = "site_returned"
    VOICE_HELD_BACK = "voice_held_back"
    """Somebody without the floor was sending sound: nobody has heard it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened. The body is plain: ids, numbers, words by language."""

    kind: EntryKind
    body: Mapping[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry in its place."""

    number: int
    at_ms: int
    at: datetime
    by: Actor
    entry: Entry


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, by both clocks."""

    ms: int
    """Of the meeting's own clock."""
    wall: datetime
