"""What every route of the interface shares: its prefix and the parameters that many take."""

from typing import Annotated, Final

from fastapi import Depends, Path

from veche.web.house import House, house_of

PREFIX: Final = "/api/v1"
NUMBER_MAX: Final = 2**31 - 1

Rooms = Annotated[House, Depends(house_of)]
Number = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
