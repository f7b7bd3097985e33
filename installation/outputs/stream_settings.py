"""What the streams of H.264 have in common, without FFmpeg: main, which only checks settings, starts sooner."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from installation.core.errors import ShowError
from installation.outputs.interface import FrameFormat, Picture

TIME_BASE = Fraction(1, 90_000)  # of the timestamps, as RTP and MPEG-TS have it


@dataclass(frozen=True)
class StreamSettings:
    """What the streams of H.264 have in common. An address other than the loopback needs a passcode."""

    host: str = "127.0.0.1"
    port: int = 0
    passcode: str = ""
    rate: float = 30.0  # frames per second at most
    megabits: float = 6.0  # per second at most


def check_stream(kind: str, settings: StreamSettings) -> None:
    """Raise ShowError for a value out of range, or for an open address without a passcode."""
    from installation.show.loader import LOOPBACK_HOSTS  # loads pydantic, which a worker does not need

    where = f"[[output]] of kind '{kind}':"
    if not 0 < settings.port < 65536:
        raise ShowError(f"{where} port is {settings.port}; it goes from 1 to 65535.")
    if not 1.0 <= settings.rate <= 120.0:
        raise ShowError(f"{where} rate is {settings.rate:g}; it goes from 1 to 120.")
    if not 0.1 <= settings.megabits <= 200.0:
        raise ShowError(f"{where} megabits is {settings.megabits:g}; it goes from 0.1 to 200.")
    if settings.host not in LOOPBACK_HOSTS and not settings.passcode:
        raise ShowError(f"{where} host = '{settings.host}' opens the stream to a network; set passcode too.")


@dataclass(frozen=True)
class EncodedFrame:
    """A frame as H.264 with start codes (Annex B). A key frame brings its parameter sets."""

    data: bytes
    time: int  # in units of `TIME_BASE`
    key: bool


def stream_size(frames: FrameFormat, picture: Picture) -> tuple[int, int]:
    """Width and height of a stream of these frames: the announced ones, or those of the first picture."""
    return (frames.width, frames.height) if frames.width else (picture.shape[1], picture.shape[0])
