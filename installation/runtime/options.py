"""The options of one performance, of its housekeeping and of its nightly self-test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installation.core.messages import Value
from installation.models import default_place
from installation.models.interfaces import ModelPlace
from installation.show.projection_file import KeptProjection
from installation.show.settings import Show


@dataclass(frozen=True)
class RunOptions:
    """What to play, and how."""

    show: Show
    name: str = "show"
    folder: Path | None = None  # of the show file, its scripts and its pinned pictures
    file: Path | None = None  # the show file, to be read again when it changes
    confined: bool = True  # whether its paths are confined to its folder, also when it is read again
    settings: dict[str, str] = field(default_factory=dict)  # of `--set`, also when it is read again
    place: ModelPlace = field(default_factory=default_place)  # where the models are
    values: dict[str, Value] = field(default_factory=dict)  # live values that override the show file's
    headless: bool = False
    window: bool = False  # end where there is none, instead of playing headless
    seconds: float | None = None  # duration; None: until somebody ends it
    say: Sequence[str] = ()  # prompts queued from the start
    text: Path | None = None  # lines queued from the start; "-": standard input
    record: Path | None = None
    journal: Path | None = None
    report: Path | None = None
    seed: int = 1
    continues: bool = False  # write lines from the show's own words when nobody speaks
    language_model: Path | None = None  # the folder of the one that writes these lines
    inline: bool = False  # run the renderer in the main process, for debugging
    audio: Path | None = None  # a recording to listen to instead of a microphone
    hosts: tuple[str, ...] = ()  # that the show file names, told to the operator at the start
    projection: KeptProjection = field(default_factory=KeptProjection)  # as it was changed by hand
    notices: tuple[str, ...] = ()  # for the operator, at the start
    terminal: bool = True  # read the terminal and show a status line there


@dataclass(frozen=True)
class HousekeepingConfig:
    """What the housekeeping process checks."""

    place: ModelPlace
    models: frozenset[str]  # by name, as far as they are installed
    recognizers: bool  # check these too
    recordings: tuple[Path, ...]  # folders


@dataclass(frozen=True)
class NightlyConfig:
    """What the nightly self-test tests."""

    show: Show
    place: ModelPlace
