"""How good a line is, in LiveKit's four words, from what the engine measured.

A shortened E-model (ITU-T G.107): a perfect line has 100, delay beyond 160 ms and loss take
away. GOOD is 80 or less and POOR 40 or less. LOST is said only of a line that is dead, because
livekit-client restarts itself when it hears LOST about itself for ten seconds.
"""

from dataclasses import dataclass

from livekit.protocol import models

_FREE_DELAY_MS = 160.0
_DELAY_COST_PER_MS = 0.1
_LOSS_COST = 2.5
"""Per percent: 8 % of loss leave 80 points, 24 % leave 40."""


@dataclass(frozen=True, slots=True)
class Line:
    is_connected: bool
    lost_in: float
    """Fractions of the last report interval."""
    lost_out: float
    round_trip_ms: float | None


def judge(line: Line) -> tuple[models.ConnectionQuality, float]:
    if not line.is_connected:
        return models.ConnectionQuality.LOST, 0.0
    delay_ms = max(0.0, (line.round_trip_ms or 0.0) - _FREE_DELAY_MS)
    loss_percent = 100.0 * max(line.lost_in, line.lost_out)
    score = max(0.0, 100.0 - delay_ms * _DELAY_COST_PER_MS - loss_percent * _LOSS_COST)
    if score > 80.0:
        return models.ConnectionQuality.EXCELLENT, score
    if score > 40.0:
        return models.ConnectionQuality.GOOD, score
    return models.ConnectionQuality.POOR, score
