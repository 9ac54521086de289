"""The first schema: meetings, their stages and their personal links."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE meetings (
        number INTEGER NOT NULL,
        kind VARCHAR NOT NULL,
        title JSON NOT NULL,
        short_title JSON NOT NULL,
        lead JSON NOT NULL,
        background JSON NOT NULL,
        organiser JSON NOT NULL,
        day VARCHAR NOT NULL,
        starts_at VARCHAR,
        language VARCHAR NOT NULL,
        languages JSON NOT NULL,
        contact VARCHAR,
        demo_note JSON,
        phase VARCHAR NOT NULL,
        on_air_since VARCHAR,
        PRIMARY KEY (number)
    )
    """,
    """
    CREATE TABLE schema_version (
        version INTEGER NOT NULL,
        applied_at VARCHAR NOT NULL,
        PRIMARY KEY (version)
    )
    """,
    """
    CREATE TABLE agenda_items (
        meeting INTEGER NOT NULL,
        position INTEGER NOT NULL,
        kind VARCHAR NOT NULL,
        title JSON NOT NULL,
        minutes INTEGER NOT NULL,
        note JSON,
        short_title JSON,
        PRIMARY KEY (meeting, position),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE corrections (
        meeting INTEGER NOT NULL,
        position INTEGER NOT NULL,
        at VARCHAR NOT NULL,
        words JSON NOT NULL,
        PRIMARY KEY (meeting, position),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE invitations (
        secret_hash VARCHAR NOT NULL,
        meeting INTEGER NOT NULL,
        site VARCHAR,
        participation VARCHAR,
        expires_at VARCHAR,
        revoked_at VARCHAR,
        PRIMARY KEY (secret_hash),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE sides (
        meeting INTEGER NOT NULL,
        id VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        name JSON NOT NULL,
        PRIMARY KEY (meeting, id),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE stages (
        meeting INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        at VARCHAR NOT NULL,
        body JSON NOT NULL,
        PRIMARY KEY (meeting, sequence),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE participations (
        meeting INTEGER NOT NULL,
        id VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        side VARCHAR NOT NULL,
        site VARCHAR,
        name JSON,
        post JSON NOT NULL,
        leads_side INTEGER NOT NULL,
        office JSON,
        is_announced INTEGER NOT NULL,
        PRIMARY KEY (meeting, id),
        FOREIGN KEY(meeting, side) REFERENCES sides (meeting, id),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    """
    CREATE TABLE sites (
        meeting INTEGER NOT NULL,
        id VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        side VARCHAR NOT NULL,
        city JSON NOT NULL,
        city_with JSON NOT NULL,
        name JSON NOT NULL,
        zone VARCHAR NOT NULL,
        PRIMARY KEY (meeting, id),
        FOREIGN KEY(meeting, side) REFERENCES sides (meeting, id),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
)
