"""Lists of an organisation's meetings are read from an index alone.

Ten thousand rows of meetings are thirty megabytes; what a list is sorted and counted by is one.
"""

from typing import Final

STATEMENTS: Final = (
    "DROP INDEX meetings_by_day",
    "CREATE INDEX meetings_by_day ON meetings (organisation, phase, day, number)",
)
