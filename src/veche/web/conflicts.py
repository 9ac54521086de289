"""What a refused save shows of the newer version: the shape of each aggregate with versions."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import BaseModel

from veche.domain.account import Account
from veche.domain.directory import Body, Organisation, Person, Series
from veche.domain.meeting import Meeting
from veche.domain.minutes import ItemNote
from veche.services.agreement import Seen
from veche.web.account_shape import account_shape
from veche.web.agreement_shapes import office_answer
from veche.web.directory_shapes import BodyShape, OrganisationShape, PersonShape, SeriesShape
from veche.web.note_shapes import note_answer
from veche.web.plan_answers import plan_answer

_SHAPES: Final[tuple[tuple[type, Callable[[Any], BaseModel]], ...]] = (  # Any: of the type beside
    (Meeting, plan_answer),
    (Seen, office_answer),
    (Account, account_shape),
    (ItemNote, note_answer),
    (Organisation, OrganisationShape.model_validate),
    (Person, PersonShape.model_validate),
    (Body, BodyShape.model_validate),
    (Series, SeriesShape.model_validate),
)


def current_shape(current: object) -> dict[str, Any]:  # Any: JSON
    """The whole value as the interface says it."""
    shape = next(shape for kind, shape in _SHAPES if isinstance(current, kind))
    return shape(current).model_dump(mode="json")
