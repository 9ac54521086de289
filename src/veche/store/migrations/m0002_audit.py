"""The chain of audit, and the answers of commands that may be sent again."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE audit (
        sequence INTEGER NOT NULL,
        at VARCHAR NOT NULL,
        actor_kind VARCHAR NOT NULL,
        actor_id VARCHAR NOT NULL,
        actor_name VARCHAR NOT NULL,
        action VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        before JSON,
        after JSON,
        refusal VARCHAR,
        request_id VARCHAR,
        seal VARCHAR,
        hash VARCHAR NOT NULL,
        PRIMARY KEY (sequence)
    )
    """,
    "CREATE INDEX audit_of_subject ON audit (subject, sequence)",
    """
    CREATE TABLE audit_head (
        id INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        hash VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '')",
    """
    CREATE TABLE commands (
        name VARCHAR NOT NULL,
        body_hash VARCHAR NOT NULL,
        done_at VARCHAR NOT NULL,
        answer VARCHAR,
        PRIMARY KEY (name)
    )
    """,
    "CREATE INDEX commands_by_age ON commands (done_at)",
)
