"""The media server's rooms without media: who is there is what a test says."""

from dataclasses import dataclass, field

from veche.domain.lines import Line
from veche.media.port import MediaRefused, Present, Track


@dataclass
class QuietRooms:
    """Has what `Conduct` needs of a media port."""

    present: dict[str, list[Present]] = field(default_factory=dict)
    carried: dict[str, dict[str, Line]] = field(default_factory=dict)
    heard: dict[str, frozenset[str]] = field(default_factory=dict)
    """Whom the forwarder lets through, by room."""
    is_broken: bool = False
    """While true, it does not do what it is asked."""

    async def participants(self, room: str) -> list[Present]:
        return list(self.present.get(room, []))

    async def lines(self, room: str) -> dict[str, Line]:
        return dict(self.carried.get(room, {}))

    async def let_be_heard(self, room: str, identities: frozenset[str]) -> None:
        if self.is_broken:
            raise MediaRefused("unavailable", "broken by a test")
        self.heard[room] = identities


def present(identity: str, *, sources: tuple[str, ...] = (), is_hidden: bool = False) -> Present:
    tracks = tuple(Track(f"TR_{source}", source, is_muted=False) for source in sources)  # type: ignore[arg-type]
    return Present(identity, identity.title(), True, is_hidden, tracks)


def line(packets_in: int) -> Line:
    return Line(packets_in, 12.0, 0.0, 0.0, 1_000_000, 2_000_000)
