"""The interface answers as its document says, and refuses in a form programs can read."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import OpenHouse, open_house
from tests.support.meetings import bridge_meeting
from veche.domain.invitation import Invitation
from veche.domain.meeting import MeetingNumber, ParticipationId, Phase, SiteId
from veche.services.attempts import FAILURES_MAX
from veche.web.security import BODY_BYTES_MAX

PERSON = Invitation("", MeetingNumber(67), participation=ParticipationId("popkov"))
HALL = Invitation("", MeetingNumber(67), site=SiteId("kursk"))


@pytest.fixture(name="opened")
async def open_for_test(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    async with open_house(tmp_path) as opened:
        yield opened


async def _post(opened: OpenHouse, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
    answer = await opened.client.post(f"/api/v1{path}", **options)
    return answer.status_code, answer.json()


async def test_a_link_becomes_a_place(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(phase=Phase.ON_AIR))
    status, answer = await _post(opened, "/join", json={"secret": opened.invite(PERSON)})
    assert status == 200
    assert set(answer) == {"meeting", "participant", "media", "stage", "live"}
    assert answer["participant"] == {
        "identity": "person-popkov",
        "kind": "person",
        "name": {"ru": "Сергей Попков"},
        "post": {"ru": "министр связи и информатизации"},
        "side": "side-1",
        "site": None,
        "language": "ru",
        "can_publish": ["camera", "microphone", "screen_share", "screen_share_audio"],
    }
    assert answer["media"]["url"] == "ws://veche.test"
    assert answer["media"]["token"] == "token of person-popkov"
    assert answer["live"] == "/api/v1/meetings/67/live"
    assert answer["meeting"]["date_text"]["be"] == "1\u00a0красавіка\u00a02016\u00a0г."


async def test_the_stage_names_whose_picture_fills_each_cell(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(phase=Phase.ON_AIR))
    answer = (await opened.client.get("/api/v1/meetings/67/stage")).json()
    assert [cell["identity"] for cell in answer["stage"]["cells"]] == ["hall-minsk", "hall-kursk"]
    assert answer["stage"]["cells"][1]["lost"] == {
        "be": "Сувязь з Курском аднаўляецца",
        "ru": "Связь с Курском восстанавливается",
        "en": "Reconnecting with Курском",
    }
    assert answer["stage"]["card"] is None


async def test_off_the_air_the_stage_is_a_card_with_the_places_and_the_hour(
    opened: OpenHouse,
) -> None:
    opened.keep(bridge_meeting(phase=Phase.ANNOUNCED))
    stage = (await opened.client.get("/api/v1/meetings/67/stage")).json()["stage"]
    assert stage["cells"] == []
    assert stage["card"]["when"]["ru"] == "1\u00a0апреля\u00a02016\u00a0года. Начало в 11:00"


async def test_a_spectator_gets_a_place_while_the_meeting_is_on_the_air(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(phase=Phase.ON_AIR))
    status, answer = await _post(opened, "/meetings/67/watch")
    assert status == 200
    assert "participant" not in answer
    assert answer["media"]["token"].startswith("token of spectator-")


@pytest.mark.parametrize(
    ("phase", "path", "body", "status", "code"),
    [
        (Phase.ON_AIR, "/join", {"secret": "guess"}, 404, "invitation_unknown"),
        (Phase.ON_AIR, "/join", {"secret": ""}, 404, "invitation_unknown"),
        (Phase.ON_AIR, "/join", {"secret": 5}, 422, "invalid_request"),
        (Phase.ON_AIR, "/join", {}, 422, "invalid_request"),
        (Phase.ON_AIR, "/join", None, 422, "invalid_request"),
        (Phase.ON_AIR, "/meetings/68/watch", None, 404, "meeting_unknown"),
        (Phase.ON_AIR, "/meetings/0/watch", None, 422, "invalid_request"),
        (Phase.ON_AIR, "/meetings/9999999999/watch", None, 422, "invalid_request"),
        (Phase.ON_AIR, "/nothing", None, 404, "not_found"),
        (Phase.DRAFT, "/meetings/67/watch", None, 404, "meeting_unknown"),
        (Phase.ASSEMBLY, "/meetings/67/watch", None, 409, "not_on_air"),
    ],
)
async def test_a_refusal_is_a_problem_document_with_a_stable_code(
    opened: OpenHouse, phase: Phase, path: str, body: object, status: int, code: str
) -> None:
    opened.keep(bridge_meeting(phase=phase))
    answer = await opened.client.post(f"/api/v1{path}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["status"] == status


async def test_a_guesser_is_told_when_to_come_back(opened: OpenHouse) -> None:
    for _ in range(FAILURES_MAX):
        await _post(opened, "/join", json={"secret": "guess"})
    answer = await opened.client.post("/api/v1/join", json={"secret": "guess"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_what_was_typed_never_comes_back(opened: OpenHouse) -> None:
    answer = await opened.client.post("/api/v1/join", json={"secret": {"pass": "word-of-mine"}})
    assert answer.status_code == 422
    assert "word-of-mine" not in answer.text


async def test_a_foreign_origin_is_refused_and_our_own_is_not(opened: OpenHouse) -> None:
    opened.keep(bridge_meeting(phase=Phase.ON_AIR))
    body = {"secret": opened.invite(HALL)}
    for origin, status in (
        ("http://veche.test", 200),
        ("https://veche.test", 200),
        ("http://evil.test", 403),
        ("http://veche.test.evil.test", 403),
        ("null", 403),
    ):
        answer = await opened.client.post("/api/v1/join", json=body, headers={"Origin": origin})
        assert answer.status_code == status, origin


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_a_form_could_send_is_refused(opened: OpenHouse, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    answer = await opened.client.post("/api/v1/join", content='{"secret": ""}', headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("size", "status"),
    [(BODY_BYTES_MAX - 1, 422), (BODY_BYTES_MAX, 422), (BODY_BYTES_MAX + 1, 413)],
)
async def test_a_body_is_bounded_before_it_is_parsed(
    opened: OpenHouse, size: int, status: int
) -> None:
    content = b'{"a":"' + b"x" * (size - 8) + b'"}'
    headers = {"Content-Type": "application/json"}
    told = await opened.client.post("/api/v1/join", content=content, headers=headers)
    assert told.status_code == status

    async def untold() -> AsyncIterator[bytes]:
        yield content

    untold_answer = await opened.client.post("/api/v1/join", content=untold(), headers=headers)
    assert untold_answer.status_code == status


@pytest.mark.parametrize(
    "host", ["", "veche test", "veche.test/path", "a@b", "veche.test:99999999"]
)
async def test_a_host_that_is_none_is_refused(opened: OpenHouse, host: str) -> None:
    answer = await opened.client.get("/", headers={"Host": host})
    assert answer.status_code == 400


async def test_links_are_made_from_the_setting_where_there_is_one(tmp_path: Path) -> None:
    async with open_house(tmp_path, base_url="https://veche.example") as opened:
        opened.keep(bridge_meeting(phase=Phase.ON_AIR))
        _, answer = await _post(opened, "/meetings/67/watch")
        assert answer["media"]["url"] == "wss://veche.example"
        page = (await opened.client.get("/m/67")).text
        assert "https://veche.example/m/67/ru" in page
        assert "veche.test" not in page


async def test_reading_changes_nothing(opened: OpenHouse) -> None:
    for path in ("/api/v1/join", "/api/v1/meetings/67/watch"):
        answer = await opened.client.get(path)
        assert answer.status_code == 405


async def test_health_tells_the_truth(opened: OpenHouse) -> None:
    assert (await opened.client.get("/health/live")).status_code == 200
    assert (await opened.client.get("/health/ready")).status_code == 200
    opened.is_ready = False
    assert (await opened.client.get("/health/ready")).status_code == 503
    assert (await opened.client.get("/health/live")).status_code == 200


async def test_a_bug_costs_one_request_and_says_nothing(
    opened: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("inner secret")

    monkeypatch.setattr("veche.services.admission.Admission.join", fail)
    answer = await opened.client.post("/api/v1/join", json={"secret": "x"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "inner secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
