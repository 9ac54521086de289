"""The recorded speeches of the robot halls."""

import array
import wave
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Speech:
    rate_hz: int
    samples: "array.array[int]"

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate_hz

    def piece(self, at: int, count: int) -> bytes:
        """`count` samples from sample `at` on; silence after the end."""
        return self.samples[at : at + count].tobytes().ljust(count * 2, b"\0")


def read_speech(hall: str) -> Speech:
    source = files("veche.demo").joinpath("speech", f"{hall}.wav")
    with source.open("rb") as opened, wave.open(opened) as spoken:
        samples = array.array("h", spoken.readframes(spoken.getnframes()))
        return Speech(spoken.getframerate(), samples)
