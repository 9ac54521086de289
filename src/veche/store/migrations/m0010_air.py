"""Meetings on the air: their state, their speeches, their log."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE airs (
        meeting INTEGER NOT NULL,
        version INTEGER NOT NULL,
        zero_at VARCHAR NOT NULL,
        clock_ms BIGINT NOT NULL,
        body JSON NOT NULL,
        PRIMARY KEY (meeting),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE floor_grants (
        meeting INTEGER NOT NULL,
        number INTEGER NOT NULL,
        participation VARCHAR NOT NULL,
        side VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        began_ms BIGINT NOT NULL,
        ended_ms BIGINT,
        open_place INTEGER,
        body JSON NOT NULL,
        PRIMARY KEY (meeting, number),
        UNIQUE (meeting, open_place),
        CONSTRAINT floor_grants_open CHECK ((open_place IS NULL) = (ended_ms IS NOT NULL)),
        CONSTRAINT floor_grants_beside
            CHECK (open_place IS NULL OR open_place = 1
                OR (open_place = 2 AND kind IN ('answer', 'order'))),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE timeline (
        meeting INTEGER NOT NULL,
        number INTEGER NOT NULL,
        at_ms BIGINT NOT NULL,
        at VARCHAR NOT NULL,
        actor_kind VARCHAR NOT NULL,
        actor_id VARCHAR NOT NULL,
        actor_name VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        body JSON NOT NULL,
        PRIMARY KEY (meeting, number),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE minutes_fields (
        meeting INTEGER NOT NULL,
        item INTEGER NOT NULL,
        field VARCHAR NOT NULL,
        version INTEGER NOT NULL,
        body JSON NOT NULL,
        written_by VARCHAR NOT NULL,
        written_at VARCHAR NOT NULL,
        PRIMARY KEY (meeting, item, field),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
)
