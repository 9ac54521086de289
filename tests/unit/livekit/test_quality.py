"""Line quality: the words for figures, and who hears them."""

import pytest
from livekit.protocol import models

from tests.support.wire import House
from tests.unit.livekit.test_tracks import microphone
from veche.livekit.quality import Line, judge

Quality = models.ConnectionQuality
PERFECT = Line(is_connected=True, lost_in=0.0, lost_out=0.0, round_trip_ms=20.0)


@pytest.mark.parametrize(
    ("loss", "round_trip_ms", "quality"),
    [
        (0.0, None, Quality.EXCELLENT),
        (0.0, 360.0, Quality.GOOD),
        (0.0, 359.0, Quality.EXCELLENT),
        (0.079, 20.0, Quality.EXCELLENT),
        (0.08, 20.0, Quality.GOOD),
        (0.239, 20.0, Quality.GOOD),
        (0.24, 20.0, Quality.POOR),
        (1.0, 5000.0, Quality.POOR),
    ],
)
def test_loss_and_delay_make_a_line_worse(
    loss: float, round_trip_ms: float | None, quality: Quality
) -> None:
    for line in (Line(True, loss, 0.0, round_trip_ms), Line(True, 0.0, loss, round_trip_ms)):
        assert judge(line)[0] == quality


def test_lost_is_said_of_a_dead_line_only() -> None:
    assert judge(Line(False, 0.0, 0.0, 20.0)) == (Quality.LOST, 0.0)


def test_everybody_hears_of_its_own_line_and_of_those_it_watches_once() -> None:
    house = House()
    anna, boris, clara = (house.join(name) for name in ("anna", "boris", "clara"))
    microphone(anna)
    boris.make_offer(boris.offer)
    lines = {client.id: PERFECT for client in (anna, boris, clara)}
    house.rooms.judge_lines(lines)
    told = {u.participant_sid for u in boris.last("connection_quality").updates}
    assert told == {boris.sid, anna.sid}
    house.rooms.judge_lines(lines)
    assert len(boris.all("connection_quality")) == 1
    house.rooms.judge_lines({**lines, anna.id: Line(True, 0.5, 0.0, None)})
    (update,) = boris.last("connection_quality").updates
    assert (update.participant_sid, update.quality) == (anna.sid, Quality.POOR)


def test_nobody_is_called_lost_while_still_connecting() -> None:
    house = House()
    anna = house.join("anna", connected=False)
    house.rooms.judge_lines({anna.id: Line(False, 0.0, 0.0, None)})
    assert "connection_quality" not in anna.kinds()
