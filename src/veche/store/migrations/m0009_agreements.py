"""What the offices of the sides have accepted and said of a meeting."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE agreements (
        meeting INTEGER NOT NULL,
        body JSON NOT NULL,
        PRIMARY KEY (meeting),
        FOREIGN KEY(meeting) REFERENCES meetings (number)
    )
    """,
)
