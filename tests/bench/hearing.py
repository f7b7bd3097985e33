"""Hearing in figures, one table: `python -m tests.bench.hearing [--part live ...] [--quick] [--json FILE]`.

nobody  ten minutes without a voice: how often each venue took something for speech
words   word error of each recogniser and voice, offline (all figures: `python -m tests.bench.recognizers`)
live    a virtual microphone and a listener: delays, recovery, CPU, lost sound
stage   a real show that hears: from the end of a sentence to the first visible change; then on a busy machine
poem    a real show that follows a reading of its poem in real time

Needs pulseaudio and flite. Whisper is measured where its file is named by `--model` or lies in the models' folder.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from installation.models import default_place
from installation.show.settings import ListenSettings
from installation.speech.recognizers.registry import load_recognizer
from installation.speech.worker import SpeechConfig
from tests.bench.hearing_live import hear
from tests.bench.hearing_show import poem, sentences
from tests.bench.recognizers import LINES, VOICES, candidates, word_error
from tests.speech.sounds import LEVELS, NOBODY, sampled
from tests.speech.test_nobody import segments

QUICK = 4  # lines

Row = tuple[str, str, str]  # what, figure, aim
Part = tuple[list[Row], dict[str, Any]]  # to be read, and as JSON


@dataclasses.dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    recognizer: str
    model: str
    show: str
    quick: bool
    folder: Path

    @property
    def lines(self) -> Sequence[str]:
        """What is said."""
        return LINES[:QUICK] if self.quick else LINES


def spread(seconds: Iterable[float], of: int) -> str:
    """Median, 95th percentile and most, with how many of how many there were."""
    found = list(seconds)
    if not found:
        return f"none of {of}"
    p50, p95 = np.percentile(found, [50, 95])
    return f"median {p50:.2f}, p95 {p95:.2f}, most {max(found):.2f} s ({len(found)} of {of})"


def nobody(asked: Asked) -> Part:
    """Pieces of speech found where there is none; 0 is the only good figure."""
    seconds = (60.0 if asked.quick else 600.0) / (len(NOBODY) * len(LEVELS))
    found = {
        f"{name} at {20 * np.log10(level):.0f} dB": segments(sampled(sound(seconds, 100 + number), level))
        for name, sound in NOBODY.items()
        for number, level in enumerate(LEVELS)
    }
    wrong = {name: each for name, each in found.items() if any(each.values())}
    figure = f"{sum(sum(each.values()) for each in found.values())} in {len(found)} sounds of {seconds:.0f} s"
    return [("taken for speech", figure, "0"), *((name, str(each), "") for name, each in wrong.items())], found


def words(asked: Asked) -> Part:
    """Word error without a microphone."""
    rows: list[Row] = []
    figures: dict[str, Any] = {}
    for label, recognizer in candidates(default_place().cache):
        recognizer.warm()
        for voice in VOICES[:1] if asked.quick else VOICES:
            error = word_error(recognizer, asked.lines, voice)
            rows.append((f"word error, {label}, {voice}", f"{error:.2f}", ""))
            figures[f"{label}, {voice}"] = error
    return rows, figures


def live(asked: Asked) -> Part:
    """The listener's own delays."""
    rows: list[Row] = []
    figures: dict[str, Any] = {}
    listening = ListenSettings(device="pulse", recognizer=asked.recognizer, model=asked.model)
    told = () if asked.model else tuple(asked.lines)  # a file of one's own may know nothing of prompts
    for voice in VOICES[:1] if asked.quick else VOICES[:2]:
        found = hear(SpeechConfig(listening, default_place().cache, told), asked.lines, voice, 1 if asked.quick else 5)
        which = f"{found.recognizer}, {voice}"
        rows += [
            (f"voice end to final text, {which}", spread(found.finals, found.lines), ".6, .9 s"),
            ("voice begin to first partial", spread(found.partials, found.lines), ".7 s"),
            ("word error; lines to the letter", f"{found.word_error:.2f}; {found.right} of {found.lines}", ""),
            ("recovery", spread(found.recoveries, len(found.recoveries)), "1 s"),
            ("CPU of the listener", f"{found.cpu_share:.0%} of a core", ""),
            ("samples lost", str(found.lost), "0"),
        ]
        figures[which] = dataclasses.asdict(found)
    return rows, figures


def stage(asked: Asked) -> Part:
    """A show without a script that hears sentences."""
    rows: list[Row] = []
    figures: dict[str, Any] = {}
    for others in (0, 2):
        found = sentences(asked.lines, asked.folder / f"stage-{others}", asked.show, others)
        which = f", {others} busy processes beside" if others else ""
        rows += [
            (f"voice end to first visible change{which}", spread(found.first_change, found.sentences), "p95 1 s"),
            ("by the words of the whole sentence", spread(found.whole_change, found.sentences), ""),
            ("voice end to final text in main", spread(found.final_text, found.sentences), ""),
            ("CPU of the listener", "-" if found.cpu_share is None else f"{found.cpu_share:.0%} of a core", ""),
            ("restarts of the listener; samples lost", f"{found.restarts}; {found.lost}", "0; 0"),
            ("frames presented", f"{found.presented_fps:.1f} a second, {found.missed_frames} late", ""),
        ]
        figures[f"{others} busy"] = dataclasses.asdict(found)
    return rows, figures


def reading(asked: Asked) -> Part:
    """A show with a script that is read to it."""
    found = poem("reading", asked.folder / "poem", 2 * QUICK if asked.quick else 1000)
    figure = f"{found.fired} of {found.read} ({found.fired / found.read:.0%})"
    others = f"{found.twice}, {found.out_of_order}, {found.strangers}"
    rows = [
        ("lines of the poem that came", figure, "95 %"),
        ("twice, out of order, not read", others, "0, 0, 0"),
        ("line's begin to its words", spread(found.delays, found.read), "median 1.5 s"),
        ("restarts of the listener; samples lost", f"{found.restarts}; {found.lost}", "0; 0"),
    ]
    return rows, dataclasses.asdict(found)


PARTS: dict[str, Callable[[Asked], Part]] = {
    "nobody": nobody,
    "words": words,
    "live": live,
    "stage": stage,
    "poem": reading,
}


def main(
    part: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}; all.")] = None,
    recognizer: Annotated[str, typer.Option(help="Of the live part: auto, sphinx, a Whisper model.")] = "auto",
    model: Annotated[str, typer.Option(help="Of the live part: a file in openai-whisper's format.")] = "",
    show: Annotated[str, typer.Option(help="Of the stage part.")] = "first_light",
    quick: Annotated[bool, typer.Option(help="A few lines: to see whether it works.")] = False,
    to: Annotated[Path | None, typer.Option("--json", help="Every figure, as a file.")] = None,
) -> None:
    """Measures the parts in turn and prints the table."""
    asked = Asked(recognizer, model, show, quick, Path(mkdtemp(prefix="laterna-hearing-")))
    load_recognizer(model or recognizer, default_place().cache)  # a wrong name is told before anything begins
    table, figures = Table("", "", "aim", title="Hearing"), dict[str, Any]()
    for name in part or list(PARTS):
        rows, figures[name] = PARTS[name](asked)
        for row in rows:
            table.add_row(*row)
        table.add_section()
    Console(width=130).print(table)
    print(f"journals and reports: {asked.folder}")
    if to:
        to.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
