"""The name of this installation, and a quick way to what is announced."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE installation (
        id VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX announcements ON meetings (day, phase, number)",
)
