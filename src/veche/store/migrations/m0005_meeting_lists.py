"""Meetings are looked for by words; those kept before are found once they are saved again."""

from typing import Final

STATEMENTS: Final = ("ALTER TABLE meetings ADD COLUMN words_to_find VARCHAR NOT NULL DEFAULT ''",)
