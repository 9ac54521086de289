"""Planning: drafts that lack a day, the whole roster, hours, sites with technicians.

A column that becomes optional is made again beside the old one: neither engine can be told
in the same words to forget NOT NULL.
"""

from typing import Final


def _made_optional(table: str, column: str, kind: str) -> tuple[str, ...]:
    return (
        f"ALTER TABLE {table} ADD COLUMN {column}_optional {kind}",
        f"UPDATE {table} SET {column}_optional = {column}",  # noqa: S608 - our own names
        f"ALTER TABLE {table} DROP COLUMN {column}",
        f"ALTER TABLE {table} RENAME COLUMN {column}_optional TO {column}",
    )


def _added(table: str, *columns: str) -> tuple[str, ...]:
    return tuple(f"ALTER TABLE {table} ADD COLUMN {column}" for column in columns)


STATEMENTS: Final = (
    *_made_optional("meetings", "day", "VARCHAR"),
    *_made_optional("meetings", "lead", "JSON"),
    *_added(
        "meetings",
        "organisation VARCHAR",
        "ends_at VARCHAR",
        "zone VARCHAR NOT NULL DEFAULT 'UTC'",
        "series VARCHAR",
        "ordinal INTEGER",
        "webcast VARCHAR NOT NULL DEFAULT 'open'",
        "record VARCHAR NOT NULL DEFAULT 'none'",
        "retention_days INTEGER",
        "legal_ground VARCHAR",
        "version INTEGER NOT NULL DEFAULT 0",
        "changes JSON NOT NULL DEFAULT '[]'",
        "announced_at VARCHAR",
        "cancellation JSON",
    ),
    *_added(
        "sides",
        "office_contact VARCHAR",
        "wording VARCHAR NOT NULL DEFAULT 'names'",
        "has_others INTEGER NOT NULL DEFAULT 0",
    ),
    *_added(
        "sites",
        "address JSON",
        "technician VARCHAR",
        "phone VARCHAR",
        "reserve_phone VARCHAR",
        "audio VARCHAR NOT NULL DEFAULT 'mixer_line'",
        "screens INTEGER NOT NULL DEFAULT 1",
        "is_required INTEGER NOT NULL DEFAULT 1",
    ),
    *_added(
        "participations",
        "role VARCHAR NOT NULL DEFAULT 'participant'",
        "count INTEGER",
        "full_name JSON",
        "short_post JSON",
        "organisation JSON",
        "person VARCHAR",
        "seat VARCHAR",
        "email VARCHAR",
        "may_speak INTEGER NOT NULL DEFAULT 1",
        "allows_remote_unmute INTEGER NOT NULL DEFAULT 0",
        "allows_publication INTEGER NOT NULL DEFAULT 1",
        "answer VARCHAR NOT NULL DEFAULT 'awaited'",
        "replaced_by VARCHAR",
    ),
    "UPDATE participations SET count = 1 WHERE name IS NOT NULL",
    *_added(
        "agenda_items",
        "id VARCHAR NOT NULL DEFAULT ''",
        "length INTEGER NOT NULL DEFAULT 0",
        "rapporteurs JSON NOT NULL DEFAULT '[]'",
        "speech_limit INTEGER",
        "side VARCHAR",
    ),
    "UPDATE agenda_items SET id = 'item-' || (position + 1), length = minutes * 60",
    "ALTER TABLE agenda_items DROP COLUMN minutes",
    *_added("corrections", "instead_of VARCHAR"),
    "CREATE INDEX meetings_by_day ON meetings (organisation, day)",
)
