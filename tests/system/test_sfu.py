"""`veche sfu` as a process: it keeps secrets, refuses taken ports, and serves the media port."""

import socket
import subprocess

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.sdk import people, until
from tests.support.sfu import KEY, SECRET, Sfu
from tests.unit.livekit.test_server import join_request
from veche.media.cluster import ClusterCalls, ClusterMedia
from veche.media.port import MediaRefused


def test_no_token_and_no_secret_is_ever_written() -> None:
    with Sfu(records_output=True) as sfu:
        token = sfu.token("anna")
        url = f"{sfu.url}/rtc/v1?access_token={token}&join_request={join_request()}"
        with connect(url) as socket_, connect(url):  # the second takes the first one's place
            socket_.recv(timeout=5)
        with pytest.raises(InvalidStatus), connect(url.replace("access_token=e", "access_token=x")):
            pass
        with pytest.raises(InvalidStatus), connect(f"{sfu.url}/rtc/v1?access_token={token}"):
            pass
        http = sfu.url.replace("ws", "http")
        httpx.get(f"{http}/rtc/v1/validate?access_token={token[:-2]}")
        sfu.stop()
        output = sfu.output()
    assert "ready" in output
    assert SECRET not in output
    assert token[-20:] not in output
    assert token[20:60] not in output


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_taken_port_stops_the_start_and_is_named(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        port = str(taken.getsockname()[1])
        option = "--port" if kind == socket.SOCK_STREAM else "--media-port"
        other = "--media-port" if kind == socket.SOCK_STREAM else "--port"
        started = subprocess.run(
            [*Sfu.COMMAND, "--keys", f"{KEY}: {SECRET}", option, port, other, "0"],
            env=Sfu.environment(),
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert started.returncode == 2
    assert port in started.stderr
    assert "Traceback" not in started.stderr


async def test_the_media_port_for_clusters_works_against_our_own_server() -> None:
    with Sfu() as sfu:
        calls = ClusterCalls(sfu.url.replace("ws", "http"), KEY, SECRET)
        media = ClusterMedia(KEY, SECRET, calls)
        try:
            async with people(sfu, "anna") as (anna,):
                await anna.speak(440)
                present = [await media.participants("room")]
                assert [p.identity for p in present[0]] == ["anna"]
                await media.set_room_metadata("room", "on the air")
                await until(lambda: anna.room.metadata == "on the air", "metadata arrives")
                await media.remove("room", "anna", revoke=True)
                await until(lambda: bool(anna.heard_of("disconnected")), "anna is out")
            with pytest.raises(MediaRefused) as refusal:
                await media.participants("nowhere")
            assert refusal.value.code == "not_found"
        finally:
            await calls.close()
