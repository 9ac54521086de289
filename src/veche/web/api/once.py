"""`Idempotency-Key`: a command that is sent again is carried out once and answered alike.

    @router.post("/meetings", status_code=201)
    async def create(asked: NewMeeting, asker: AccountAsker, once: Once) -> MeetingAnswer:
        async def create() -> MeetingAnswer: ...
        return await once(asker.actor, MeetingAnswer, create)

The key is the client's, unlike any other of his in a day; the body must be the same. Who asks
is resolved before: an answer in memory is only for the one who got it first.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel

from veche.domain.actor import Actor
from veche.store.idempotency import Command
from veche.web.api.common import Rooms

KEY_LETTERS_MIN: Final = 8
KEY_LETTERS_MAX: Final = 128
"""A UUID has 36."""

Answer = TypeVar("Answer", bound=BaseModel)
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=KEY_LETTERS_MIN,
        max_length=KEY_LETTERS_MAX,
        pattern=r"^[!-~]+$",
        description="Makes the command safe to send again: of one key it is carried out once.",
    ),
]


class OnceOnly:
    def __init__(self, request: Request, house: Rooms, key: Key = None) -> None:
        self._request = request
        self._house = house
        self._key = key

    async def __call__(
        self, actor: Actor, shape: type[Answer], work: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """The answer of `work`, or of the time when the same command was carried out."""
        if self._key is None:
            return await work()

        async def write_answer() -> str:
            return (await work()).model_dump_json()

        route = f"{self._request.method} {self._request.url.path}"
        command = Command.of(actor, route, self._key, await self._request.body())
        return shape.model_validate_json(await self._house.repeats.once(command, write_answer))


Once = Annotated[OnceOnly, Depends()]
