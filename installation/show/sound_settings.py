"""The settings of sound that drives the picture: where it comes from, and what it moves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from installation.show.section import PathText, Section, to_tuple

MAX_MAPPINGS = 64
PITCH_NAMES = tuple(f"chroma/{number}" for number in range(12))
SOURCES = ("loudness", "low", "mid", "high", "onset", "chroma", *PITCH_NAMES, "beat", "bar")


def _check_source(value: str) -> str:
    if value not in SOURCES:
        raise ValueError(f"input should be {', '.join(SOURCES[:6])}, chroma/0 to chroma/11, beat or bar")
    return value


Number = Annotated[float, Field(ge=-1000.0, le=1000.0)]


class SoundMapSettings(Section):
    """A value of the sound that moves a live parameter."""

    source: Annotated[str, AfterValidator(_check_source)] = Field(
        description="loudness, low, mid, high, onset, chroma, chroma/0 (C) to chroma/11 (B), beat or bar"
    )
    param: str = Field(description="the live parameter; for chroma with {n}, which stands for 1 to 12")
    range: Annotated[tuple[Number, Number], BeforeValidator(to_tuple)] = Field(
        default=(0.0, 1.0), description="what is added to the parameter while the source is at 0, and at 1"
    )
    attack_seconds: float = Field(default=0.02, ge=0.0, le=60.0, description="time constant with which it rises")
    release_seconds: float = Field(default=0.3, ge=0.0, le=60.0, description="time constant with which it falls")
    curve: Literal["linear", "ease-in", "ease-out", "ease-in-out"] = Field(
        default="linear", description="of the answer; ease-in: only loud sound counts; ease-out: soft sound counts too"
    )


class SoundSettings(Section):
    """Sound that drives the picture: its analysis, as /laterna/audio, and what it moves, as [[sound.map]]."""

    enabled: bool = Field(default=False, description="analyse the sound of a microphone or line input")
    device: str = Field(
        default="", description="part of the line input's name; empty: the microphone of [listen], or the default input"
    )
    file: PathText = Field(default="", description="an audio file in the folder of the show instead of a device")
    floor_db: float = Field(
        default=-50.0, ge=-90.0, le=-10.0, description="decibels of full scale, below which there is silence"
    )
    map: Annotated[tuple[SoundMapSettings, ...], BeforeValidator(to_tuple), Field(max_length=MAX_MAPPINGS)] = ()
