"""Links for the office of a side, and letters that carry links."""

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE invitations ADD COLUMN side VARCHAR",
    "CREATE INDEX invitations_of_meeting ON invitations (meeting)",
    """
    CREATE TABLE letters (
        id VARCHAR NOT NULL,
        meeting INTEGER NOT NULL,
        recipient_kind VARCHAR NOT NULL,
        recipient_id VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        language VARCHAR NOT NULL,
        address VARCHAR,
        link_hash VARCHAR NOT NULL,
        seed VARCHAR,
        made_at VARCHAR NOT NULL,
        due_at VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        attempts INTEGER NOT NULL,
        left_at VARCHAR,
        failure VARCHAR,
        PRIMARY KEY (id),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
    "CREATE INDEX letters_of_meeting ON letters (meeting)",
    "CREATE INDEX letters_due ON letters (state, due_at)",
)
