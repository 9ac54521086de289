"""Accounts of the staff, their sessions and known devices, their roles in single meetings."""

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE accounts (
        id VARCHAR NOT NULL,
        login VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        role VARCHAR NOT NULL,
        organisation VARCHAR,
        language VARCHAR,
        password_hash VARCHAR,
        issuer VARCHAR,
        subject VARCHAR,
        disabled_at VARCHAR,
        version INTEGER NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (login),
        UNIQUE (issuer, subject)
    )
    """,
    """
    CREATE TABLE assignments (
        meeting INTEGER NOT NULL,
        account VARCHAR NOT NULL,
        role VARCHAR NOT NULL,
        PRIMARY KEY (meeting, account, role),
        FOREIGN KEY(meeting) REFERENCES meetings (number),
        FOREIGN KEY(account) REFERENCES accounts (id)
    )
    """,
    """
    CREATE TABLE sessions (
        token_hash VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        account VARCHAR NOT NULL,
        began_at VARCHAR NOT NULL,
        seen_at VARCHAR NOT NULL,
        device VARCHAR NOT NULL,
        PRIMARY KEY (token_hash),
        UNIQUE (id),
        FOREIGN KEY(account) REFERENCES accounts (id)
    )
    """,
    """
    CREATE TABLE known_devices (
        account VARCHAR NOT NULL,
        device_hash VARCHAR NOT NULL,
        seen_at VARCHAR NOT NULL,
        PRIMARY KEY (account, device_hash),
        FOREIGN KEY(account) REFERENCES accounts (id)
    )
    """,
)
