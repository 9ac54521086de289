"""Makes the two speeches of the robot halls with espeak-ng (apt package of that name) and NumPy.

    python src/veche/demo/speech/make_speech.py

The words are invented for the demonstration. 16 kHz is what a voice needs; the files stay
small enough to be kept beside this script.
"""

import io
import subprocess
import wave
from pathlib import Path

import numpy

RATE_HZ = 16_000
PEAK = 0.6
SPEECHES = {
    "minsk": (
        ["-v", "ru", "-p", "38", "-s", "158"],
        "Уважаемые коллеги! Минск приветствует Курск. Двадцать лет мы отмечаем "
        "День единения народов Беларуси и России. Сегодня за нашим столом ветераны и молодёжь.",
    ),
    "kursk": (
        ["-v", "ru", "-p", "62", "-s", "158"],
        "Добрый день, Минск! Курск вас видит и слышит. Четырнадцать лет мы работаем вместе. "
        "Предлагаю перейти к торговле, образованию и культуре.",
    ),
}


def make(voice: list[str], words: str) -> bytes:
    """A WAV file: mono, 16 bits, 16 kHz."""
    spoken = subprocess.run(  # noqa: S603 - a list of arguments, no shell
        ["espeak-ng", *voice, "--stdout", words],  # noqa: S607
        check=True,
        capture_output=True,
    ).stdout
    with wave.open(io.BytesIO(spoken)) as source:
        rate_hz = source.getframerate()
        # espeak-ng writes to a pipe with a length it does not know yet: read what is there.
        samples = numpy.frombuffer(source.readframes(10**8), numpy.int16).astype(float)
    wanted = len(samples) * RATE_HZ // rate_hz
    spectrum = numpy.fft.rfft(samples)[: wanted // 2 + 1]
    resampled = numpy.fft.irfft(spectrum, wanted)
    resampled *= PEAK * 32767 / numpy.abs(resampled).max()
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE_HZ)
        target.writeframes(resampled.astype(numpy.int16).tobytes())
    return out.getvalue()


if __name__ == "__main__":
    for name, (voice, words) in SPEECHES.items():
        (Path(__file__).parent / f"{name}.wav").write_bytes(make(voice, words))
