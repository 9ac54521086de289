"""The name of this installation: made at its first start, carried by backups, never changed."""

from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, select

from veche.store.tables import installation


class Installation:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def name(self) -> UUID:
        """To be asked for in a unit that writes: the first one who asks makes it."""
        kept = self._connection.scalar(select(installation.c.id))
        if kept is not None:
            return UUID(kept)
        made = uuid4()
        self._connection.execute(insert(installation).values(id=str(made)))
        return made
