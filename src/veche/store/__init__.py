"""The only SQL. Callers open a unit of work and speak the domain's words.

    with database.write() as unit:
        unit.meetings.put(meeting)

A unit is one transaction: all of it is kept, through power loss too, or nothing is.
"""

from veche.store.session import Database, Unit
from veche.store.timeline import PAGE_ENTRIES_MAX as LOG_PAGE_MAX

__all__ = ["LOG_PAGE_MAX", "Database", "Unit"]
