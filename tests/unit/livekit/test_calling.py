"""Calls from the server: answered by the callee alone, once, and never left open."""

import asyncio

import pytest
from livekit.protocol import models, rtc
from livekit.protocol import room as api

from tests.support.wire import Client, House
from veche.engine import Command, Event
from veche.livekit import limits, service
from veche.livekit.refusals import CallRefused


@pytest.fixture
def house() -> House:
    return House()


async def ask(house: House, payload: str = "p") -> "asyncio.Task[api.PerformRpcResponse]":
    request = api.PerformRpcRequest(
        room="room", destination_identity="anna", method="m", payload=payload
    )
    task = asyncio.create_task(service.perform_rpc(house.rooms, request))
    await asyncio.sleep(0)
    return task


def sent_request(house: House) -> models.DataPacket:
    (command,) = house.take(Command.SendData)
    return models.DataPacket.FromString(command.payload)


def say(client: Client, **value: object) -> None:
    packet = models.DataPacket(**value)  # type: ignore[arg-type]
    client.event(Event.Data(client.id, "_reliable", packet.SerializeToString()))


async def test_a_call_is_answered(house: House) -> None:
    anna = house.join("anna")
    task = await ask(house)
    asked = sent_request(house)
    assert (asked.rpc_request.method, asked.rpc_request.payload) == ("m", "p")
    assert asked.participant_identity == asked.rpc_request.id
    say(anna, rpc_ack=models.RpcAck(request_id=asked.rpc_request.id))
    say(anna, rpc_response=models.RpcResponse(request_id=asked.rpc_request.id, payload="yes"))
    assert (await task).payload == "yes"
    assert not house.take(Command.SendData), "the answer goes to nobody else"
    assert not house.room().calls


async def test_nobody_answers_for_another(house: House) -> None:
    house.join("anna")
    boris = house.join("boris")
    task = await ask(house)
    asked = sent_request(house)
    say(boris, rpc_response=models.RpcResponse(request_id=asked.rpc_request.id, payload="no"))
    assert house.room().calls, "the call is still open"
    task.cancel()


@pytest.mark.parametrize("ending", ["error", "silence", "leave", "too long"])
async def test_a_call_that_fails_says_how(house: House, ending: str) -> None:
    anna = house.join("anna")
    task = await ask(house, "x" * (limits.RPC_PAYLOAD_BYTES + (ending == "too long")))
    if ending == "error":
        error = models.RpcError(code=1500, message="broken")
        identity = sent_request(house).rpc_request.id
        say(anna, rpc_response=models.RpcResponse(request_id=identity, error=error))
    elif ending == "silence":
        house.wait(limits.RPC_ACKNOWLEDGE_S + 0.1)
    elif ending == "leave":
        anna.say(leave=rtc.LeaveRequest())
    with pytest.raises(CallRefused) as refusal:
        await task
    codes = {
        "error": "aborted",
        "silence": "deadline_exceeded",
        "leave": "unavailable",
        "too long": "invalid_argument",
    }
    assert refusal.value.code == codes[ending]
    assert not house.room().calls


async def test_an_acknowledged_call_may_take_longer(house: House) -> None:
    anna = house.join("anna")
    task = await ask(house)
    identity = sent_request(house).rpc_request.id
    say(anna, rpc_ack=models.RpcAck(request_id=identity))
    house.wait(limits.RPC_ACKNOWLEDGE_S + 1)
    assert not task.done()
    house.wait(limits.RPC_RESPONSE_S)
    with pytest.raises(CallRefused):
        await task
