"""What an organisation keeps between meetings: itself, its people, bodies, series, templates."""

from typing import Final


def _entries(name: str) -> tuple[str, ...]:
    return (
        f"""
        CREATE TABLE {name} (
            id VARCHAR NOT NULL,
            owner VARCHAR NOT NULL,
            words_to_find VARCHAR NOT NULL,
            body JSON NOT NULL,
            PRIMARY KEY (id)
        )
        """,
        f"CREATE INDEX {name}_by_owner ON {name} (owner)",
    )


STATEMENTS: Final = (
    *_entries("organisations"),
    *_entries("people"),
    *_entries("bodies"),
    *_entries("series"),
    *_entries("templates"),
    "CREATE INDEX meetings_by_series ON meetings (series)",
)
