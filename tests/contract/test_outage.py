"""The database stops under a house that works: nothing is lost, and nothing done twice."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.databases import Cluster, Place
from tests.support.house import open_house
from tests.support.meetings import bridge_meeting
from veche.domain.meeting import Phase
from veche.web.problems import RETRY_AFTER_SECONDS

BACK_SECONDS = 5.0


@pytest.fixture(name="cluster", scope="module")
def make_cluster() -> Iterator[Cluster]:
    """A server of this file's own, to be stopped."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


async def _begin(browser: httpx.AsyncClient, key: str) -> httpx.Response:
    return await browser.post(
        "/api/v1/meetings",
        json={"title": {"ru": f"Совещание {key}"}},
        headers={"Idempotency-Key": key},
    )


async def _begin_when_back(browser: httpx.AsyncClient, key: str) -> httpx.Response:
    """Asks as often as the answer says that one may."""
    ends_at = time.monotonic() + BACK_SECONDS
    while (answer := await _begin(browser, key)).status_code == 503:
        assert time.monotonic() < ends_at
        await asyncio.sleep(0.1)
    return answer


async def test_a_house_outlives_its_database(cluster: Cluster, tmp_path: Path) -> None:
    place = Place("postgresql", tmp_path, cluster.make_schema())
    async with open_house(tmp_path, place=place) as opened:
        opened.keep(bridge_meeting(phase=Phase.ON_AIR))
        organiser = opened.signed_in()
        before = await opened.client.get("/api/v1/meetings/67/stage")
        first = await _begin(organiser, "key-before")
        assert (before.status_code, first.status_code) == (200, 201)

        await asyncio.to_thread(cluster.stop)
        try:
            during = await opened.client.get("/api/v1/meetings/67/stage")
            assert during.json()["stage"] == before.json()["stage"], "on the air all the same"
            for refused in (
                await _begin(organiser, "key-during"),
                await organiser.get("/api/v1/meetings"),
            ):
                assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
                assert refused.headers["retry-after"] == str(RETRY_AFTER_SECONDS)
        finally:
            await asyncio.to_thread(cluster.start)

        after = await _begin_when_back(organiser, "key-during")
        assert after.status_code == 201
        for key, answer in (("key-before", first), ("key-during", after)):
            assert (await _begin(organiser, key)).json() == answer.json()
        listed = (await organiser.get("/api/v1/meetings")).json()["meetings"]
        numbers = [first.json()["number"], after.json()["number"]]
        assert sorted(it["number"] for it in listed) == sorted(numbers)
