"""The record of changes: whole, in order, and no edit of it goes unseen."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.support.meetings import bridge_meeting
from veche.domain.actor import HOUSE, Actor, ActorKind
from veche.domain.errors import ChangedMeanwhile
from veche.domain.meeting import MeetingNumber, Phase
from veche.domain.plain import plain
from veche.domain.text import Text
from veche.store import Database
from veche.store.migrations import NEWEST
from veche.store.seals import OUTSIDE, SUBJECTS
from veche.store.tables import metadata

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
CLERK = Actor(ActorKind.ACCOUNT, "clerk", "Анна Петровна")


def _record(database: Database, count: int, subject: str = "meeting/67") -> None:
    for number in range(count):
        with database.write() as unit:
            unit.audit.append(
                CLERK,
                "edit",
                subject=subject,
                at=NOON + timedelta(minutes=number),
                before={"title": Text.of(ru=f"Было {number}")},
                after={"title": Text.of(ru=f"Стало {number}")},
                request_id=f"request-{number}",
            )


def _faults(database: Database) -> list[str]:
    with database.read() as unit:
        return [fault.words for fault in unit.audit.verify().faults]


def _tamper(database: Database, statement: str) -> None:
    with database.write() as unit:
        unit.audit._connection.execute(text(statement))


def test_a_record_tells_who_did_what_when_and_how_it_stood_before(database: Database) -> None:
    _record(database, 1)
    with database.read() as unit:
        (record,) = unit.audit.of_subject("meeting/67")
    assert (record.sequence, record.at, record.actor) == (1, NOON, CLERK)
    assert (record.action, record.subject, record.request_id) == ("edit", "meeting/67", "request-0")
    assert record.before == {"title": {"ru": "Было 0"}}
    assert record.after == {"title": {"ru": "Стало 0"}}
    assert record.refusal is None


def test_a_subject_is_read_newest_first_page_by_page(database: Database) -> None:
    _record(database, 3)
    _record(database, 1, subject="meeting/68")
    with database.read() as unit:
        first = unit.audit.of_subject("meeting/67", limit=2)
        rest = unit.audit.of_subject("meeting/67", limit=2, before_sequence=first[-1].sequence)
    assert [record.sequence for record in first + rest] == [3, 2, 1]


def test_a_refusal_is_recorded_and_is_no_change(database: Database) -> None:
    _record(database, 1)
    with database.write() as unit:
        unit.audit.append(HOUSE, "announce", subject="meeting/67", at=NOON, refusal="forbidden")
    with database.read() as unit:
        assert unit.audit.of_subject("meeting/67")[0].refusal == "forbidden"
        last = unit.audit.last_change("meeting/67")
    assert last is not None
    assert last.actor == CLERK


def test_a_change_that_fails_leaves_no_record(database: Database) -> None:
    def fail_after_record() -> None:
        with database.write() as unit:
            unit.audit.append(HOUSE, "edit", subject="meeting/67", at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_record()
    with database.read() as unit:
        assert unit.audit.of_subject("meeting/67") == []
        assert unit.audit.verify().count == 0


def test_a_chain_that_nobody_touched_is_whole(database: Database) -> None:
    assert _faults(database) == []
    _record(database, 5)
    assert _faults(database) == []
    with database.read() as unit:
        verdict = unit.audit.verify()
        newest = unit.audit.of_subject("meeting/67", limit=1)[0]
    assert verdict.is_whole
    assert (verdict.count, verdict.head) == (5, newest.hash)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2026-04-01T09:02:01+00:00'"),
        ("actor_kind", "'link'"),
        ("actor_id", "'another'"),
        ("actor_name", "'Другая'"),
        ("action", "'announce'"),
        ("subject", "'meeting/68'"),
        ("before", "'{}'"),
        ("after", "NULL"),
        ("refusal", "'forbidden'"),
        ("request_id", "NULL"),
        ("seal", "'0'"),
    ],
)
def test_an_edited_record_is_named(database: Database, column: str, value: str) -> None:
    _record(database, 5)
    _tamper(database, f"UPDATE audit SET {column} = {value} WHERE sequence = 3")  # noqa: S608
    assert _faults(database) == ["record 3 is not as written"]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM audit WHERE sequence = 1", "record 1 was taken out"),
        ("DELETE FROM audit WHERE sequence IN (2, 3)", "records 2 to 3 were taken out"),
        ("DELETE FROM audit WHERE sequence = 5", "record 5 was taken out at the end"),
        ("DELETE FROM audit", "records 1 to 5 were taken out at the end"),
        ("DELETE FROM audit_head", "the head of the chain is taken out"),
        ("UPDATE audit_head SET hash = '0'", "the head of the chain is not as written"),
        ("UPDATE audit_head SET sequence = 4", "the head of the chain is not as written"),
    ],
)
def test_what_is_taken_out_is_missed(database: Database, statement: str, fault: str) -> None:
    _record(database, 5)
    _tamper(database, statement)
    assert _faults(database) == [fault]


def test_records_that_change_places_show(database: Database) -> None:
    _record(database, 3)
    for step in ("0 WHERE sequence = 2", "2 WHERE sequence = 3", "3 WHERE sequence = 0"):
        _tamper(database, f"UPDATE audit SET sequence = {step}")  # noqa: S608
    assert len(_faults(database)) >= 2


@dataclass(frozen=True)
class _Draft:
    version: int
    title: str = "draft"


def test_an_editor_who_saw_an_older_version_is_shown_the_newer_one(database: Database) -> None:
    _record(database, 2)
    current = _Draft(version=3)
    with database.write() as unit:
        unit.require_version("meeting/67", current, 3)
        with pytest.raises(ChangedMeanwhile) as refused:
            unit.require_version("meeting/67", current, 2)
    assert refused.value.current is current
    assert refused.value.changed_by == CLERK
    assert refused.value.changed_at == NOON + timedelta(minutes=1)


def test_domain_values_are_recorded_as_people_read_them() -> None:
    meeting = replace(bridge_meeting(phase=Phase.ON_AIR), on_air_since=NOON)
    told = plain(meeting)
    assert told["phase"] == "on_air"
    assert told["day"] == "2016-04-01"
    assert told["on_air_since"] == "2026-04-01T09:00:00+00:00"
    assert told["sides"][0]["sites"][0]["city"] == {"ru": "Минск"}
    assert plain({date(2026, 4, 1): {"b", "a"}, "long": timedelta(minutes=2)}) == {
        "2026-04-01": ["a", "b"],
        "long": 120.0,
    }


@pytest.mark.parametrize("value", [b"secret", object(), Text])
def test_what_has_no_form_in_the_record_is_a_bug(value: object) -> None:
    with pytest.raises(TypeError):
        plain(value)


def _keep_meeting(database: Database, *, is_recorded: bool = True, number: int = 67) -> None:
    with database.write() as unit:
        if is_recorded:
            # Before the change on purpose: the order in a unit does not matter.
            unit.audit.append(CLERK, "edit", subject=f"meeting/{number}", at=NOON)
        unit.meetings.put(bridge_meeting(number=number))


def test_a_recorded_change_leaves_its_subject_whole(database: Database) -> None:
    _keep_meeting(database)
    _keep_meeting(database, number=6)
    with database.write() as unit:
        unit.audit.append(HOUSE, "announce", subject="meeting/67", at=NOON, refusal="forbidden")
    assert _faults(database) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meetings SET contact = 'other@example.org'",
        "UPDATE sides SET position = position + 5 WHERE id = 'side-1'",
        "UPDATE participations SET leads_side = 0 WHERE id = 'popkov'",
        "UPDATE participations SET post = '{\"ru\": \"другая должность\"}' WHERE id = 'popkov'",
        "DELETE FROM participations WHERE id = 'popkov'",
        "DELETE FROM agenda_items WHERE position = 1",
        "INSERT INTO corrections (meeting, position, at, words) VALUES (67, 9, '', '{}')",
    ],
)
def test_a_row_changed_past_the_program_is_named(database: Database, statement: str) -> None:
    _keep_meeting(database)
    _tamper(database, statement)
    assert _faults(database) == ["meeting/67 is not as record 1 left it"]


def test_a_change_that_nobody_recorded_shows(database: Database) -> None:
    _keep_meeting(database)
    with database.write() as unit:
        unit.meetings.set_phase(MeetingNumber(67), Phase.SOUND_CHECK, None)
    assert _faults(database) == ["meeting/67 is not as record 1 left it"]


def test_a_seal_of_an_older_schema_is_not_compared(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upgrade moved the rows; the next change seals them again."""
    _keep_meeting(database)
    monkeypatch.setattr("veche.store.seals.NEWEST", NEWEST + 1)
    _tamper(database, "UPDATE meetings SET contact = 'other@example.org'")
    assert _faults(database) == []


def test_every_table_is_sealed_or_says_why_not() -> None:
    sealed = {column.table.name for columns in SUBJECTS.values() for column in columns}
    assert sealed | set(OUTSIDE) == set(metadata.tables)
    assert not sealed & set(OUTSIDE)
