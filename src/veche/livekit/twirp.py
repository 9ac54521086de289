"""Twirp over HTTP: `POST /twirp/livekit.RoomService/<Method>`, protobuf or JSON, grants checked."""

import json
from collections.abc import Awaitable, Callable

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError, Message
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from . import limits, service
from .refusals import CallRefused, JoinRefused
from .rooms import Rooms
from .tokens import Claims, Keys, verify

Endpoint = Callable[[Request], Awaitable[Response]]

_SERVICE = "livekit.RoomService"
_JSON = "application/json"
_PROTOBUF = "application/protobuf"
_STATUSES = {
    "unauthenticated": 401,
    "not_found": 404,
    "bad_route": 404,
    "invalid_argument": 400,
    "malformed": 400,
    "deadline_exceeded": 408,
    "aborted": 409,
    "failed_precondition": 412,
    "resource_exhausted": 429,
    "unimplemented": 501,
    "unavailable": 503,
}


def endpoint(rooms: Rooms, keys: Keys, wall_clock: Callable[[], float]) -> Endpoint:
    async def handle(request: Request) -> Response:
        try:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer":
                raise JoinRefused(401, "there is no access token")
            claims = verify(token.strip(), keys, wall_clock())
        except JoinRefused as refusal:
            return PlainTextResponse(refusal.text, refusal.status)
        body = await _bounded_body(request)
        if body is None:
            return PlainTextResponse("the request is too long", 413)
        try:
            return await _answer(rooms, claims, request, body)
        except CallRefused as refusal:
            return _refusal(refusal)

    return handle


async def _bounded_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limits.TWIRP_BODY_BYTES:
            return None
    return bytes(body)


async def _answer(rooms: Rooms, claims: Claims, request: Request, body: bytes) -> Response:
    method = request.path_params["method"]
    call = service.CALLS.get(method) if request.path_params["service"] == _SERVICE else None
    if call is None:
        if method in service.UNIMPLEMENTED:
            raise CallRefused("unimplemented", f"{method} is not implemented")
        raise CallRefused("bad_route", "no such method")
    is_json = request.headers.get("content-type", "").split(";")[0].strip() == _JSON
    message = _decode(call.request, body, is_json=is_json)
    _check_grant(claims, call, message)
    response = await call.perform(rooms, message)
    if is_json:
        text = MessageToJson(
            response, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
        )
        return Response(text, media_type=_JSON)
    return Response(response.SerializeToString(), media_type=_PROTOBUF)


def _decode(kind: type[Message], body: bytes, *, is_json: bool) -> Message:
    try:
        if is_json:
            text = body.decode().strip() or "{}"
            if not text.startswith("{"):  # the parser takes an empty list for an empty message
                raise CallRefused("malformed", "the request is not an object")
            return Parse(text, kind(), ignore_unknown_fields=True)
        return kind.FromString(body)
    except (DecodeError, ParseError, UnicodeDecodeError, RecursionError):
        raise CallRefused("malformed", "the request cannot be decoded") from None


def _check_grant(claims: Claims, call: service.Call, message: Message) -> None:
    grants = claims.grants
    is_granted = {
        "create": grants.may_create_rooms,
        "list": grants.may_list_rooms,
        "admin": grants.is_room_admin and getattr(message, "room", None) == grants.room,
    }[call.needs]
    if not is_granted:
        raise CallRefused("unauthenticated", "the access token does not permit this call")


def _refusal(refusal: CallRefused) -> Response:
    body = json.dumps({"code": refusal.code, "msg": refusal.text, "meta": {}})
    return Response(body, _STATUSES.get(refusal.code, 500), media_type=_JSON)
