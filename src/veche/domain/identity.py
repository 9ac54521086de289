"""Ids, each a type of its own: a site cannot be asked for by the id of a side.

Ids inside a meeting (sides, sites, participations, items) are unique in that meeting and are
part of addresses and media identities, so they are short, plain and never used again there.
"""

import re
from typing import Final, NewType

MeetingNumber = NewType("MeetingNumber", int)
"""Public, permanent, never used again; opens nothing."""
SideId = NewType("SideId", str)
SiteId = NewType("SiteId", str)
ParticipationId = NewType("ParticipationId", str)
ItemId = NewType("ItemId", str)
OrganisationId = NewType("OrganisationId", str)
PersonId = NewType("PersonId", str)
PostId = NewType("PostId", str)
BodyId = NewType("BodyId", str)
SeriesId = NewType("SeriesId", str)
TemplateId = NewType("TemplateId", str)

ID_LETTERS_MAX: Final = 40
"""A UUID with its hyphens is 36."""
_ID: Final = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{ID_LETTERS_MAX - 1}}}")


def is_id(written: str) -> bool:
    return _ID.fullmatch(written) is not None
