"""Sessions of accounts, and the devices that an account has signed in from; both by hash."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from veche.domain.account import AccountId, Session, SessionId
from veche.store.tables import known_devices, sessions


class Sessions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, token_hash: str) -> Session | None:
        row = self._connection.execute(
            select(sessions).where(sessions.c.token_hash == token_hash)
        ).one_or_none()
        return None if row is None else Session(**{**row._mapping, "id": SessionId(row.id)})

    def of_account(self, account: AccountId) -> list[Session]:
        """The one seen last comes first."""
        rows = self._connection.execute(
            select(sessions)
            .where(sessions.c.account == account)
            .order_by(sessions.c.seen_at.desc(), sessions.c.id)
        )
        return [Session(**row._mapping) for row in rows]

    def add(self, session: Session) -> None:
        self._connection.execute(
            insert(sessions).values(
                id=session.id,
                token_hash=session.token_hash,
                account=session.account,
                began_at=session.began_at,
                seen_at=session.seen_at,
                device=session.device,
            )
        )

    def mark_seen(self, session: SessionId, at: datetime) -> None:
        self._connection.execute(
            update(sessions).where(sessions.c.id == session).values(seen_at=at)
        )

    def end(self, account: AccountId, session: SessionId) -> bool:
        """False if the account has no such session."""
        ended = self._connection.execute(
            delete(sessions).where(sessions.c.id == session, sessions.c.account == account)
        )
        return ended.rowcount > 0

    def end_all(self, account: AccountId, *, keeping: SessionId | None = None) -> int:
        """How many were ended."""
        condition = sessions.c.account == account
        if keeping is not None:
            condition &= sessions.c.id != keeping
        return self._connection.execute(delete(sessions).where(condition)).rowcount

    def forget_ended(self, *, unseen_since: datetime, begun_before: datetime) -> None:
        self._connection.execute(
            delete(sessions).where(
                (sessions.c.seen_at <= unseen_since) | (sessions.c.began_at <= begun_before)
            )
        )

    def knows_device(self, account: AccountId, device_hash: str) -> bool:
        count = self._connection.scalar(
            select(func.count())
            .select_from(known_devices)
            .where(known_devices.c.device_hash == device_hash, known_devices.c.account == account)
        )
        return bool(count)

    def know_device(
        self, account: AccountId, device_hash: str, at: datetime, *, newest_kept: int
    ) -> None:
        """Remember it as the newest of the account, which keeps so many."""
        self.forget_device(account, device_hash)
        self._connection.execute(
            insert(known_devices).values(account=account, device_hash=device_hash, seen_at=at)
        )
        older = self._connection.scalars(
            select(known_devices.c.device_hash)
            .where(known_devices.c.account == account)
            .order_by(known_devices.c.seen_at.desc())
            .offset(newest_kept)
        ).all()
        for device in older:
            self.forget_device(account, device)

    def forget_device(self, account: AccountId, device_hash: str) -> None:
        self._connection.execute(
            delete(known_devices).where(
                known_devices.c.account == account, known_devices.c.device_hash == device_hash
            )
        )

    def forget_devices(self, account: AccountId) -> None:
        self._connection.execute(delete(known_devices).where(known_devices.c.account == account))
