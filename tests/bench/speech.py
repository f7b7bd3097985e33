"""Speech recognition in figures: `python -m tests.bench.speech [--part worker ...] [--quick] [--json FILE]`.

false-alarms  ten minutes without a voice: how many utterances each venue's settings find
accuracy      word error rate of each recogniser and voice, without a microphone (more: `tests.bench.recognizers`)
worker        a virtual microphone and a speech worker: delays, recovery, CPU, lost samples
show          a real show: from the end of a sentence to the first visible change; on an idle and on a busy machine
poem          a real show that follows a reading of its poem in real time

Needs pulseaudio and flite. Whisper checkpoints are measured if they are named by `--model` or in the models folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from installation.core.speech_messages import RecognizerHints
from installation.models import default_place
from installation.show.settings import ListenSettings
from installation.speech.interfaces import RecognizerRequest, SpeechConfig
from installation.speech.recognizers.registry import create_recognizer
from tests.bench.recognizers import LINES, candidates, word_error
from tests.bench.speech_show import measure_poem, measure_sentences
from tests.bench.speech_worker import measure_worker
from tests.speech.flite import VOICES
from tests.speech.non_speech import LEVELS, NON_SPEECH, to_samples
from tests.speech.test_false_alarms import count_utterances

QUICK_LINES = 4

Row = tuple[str, str, str]  # what, figure, target
Part = tuple[list[Row], dict[str, Any]]  # for the table, and for JSON


@dataclass(frozen=True)
class Options:
    """The command line."""

    recognizer: str
    model: str
    show: str
    quick: bool
    folder: Path

    @property
    def lines(self) -> Sequence[str]:
        """The lines to speak."""
        return LINES[:QUICK_LINES] if self.quick else LINES


def spread(seconds: Iterable[float], total: int) -> str:
    """Format median, 95th percentile and maximum, with the number of values out of `total`."""
    found = list(seconds)
    if not found:
        return f"none of {total}"
    p50, p95 = np.percentile(found, [50, 95])
    return f"median {p50:.2f}, p95 {p95:.2f}, max {max(found):.2f} s ({len(found)} of {total})"


def false_alarms(options: Options) -> Part:
    seconds = (60.0 if options.quick else 600.0) / (len(NON_SPEECH) * len(LEVELS))
    found = {
        f"{name} at {20 * np.log10(level):.0f} dB": count_utterances(to_samples(sound(seconds, 100 + number), level))
        for name, sound in NON_SPEECH.items()
        for number, level in enumerate(LEVELS)
    }
    wrong = {name: each for name, each in found.items() if any(each.values())}
    figure = f"{sum(sum(each.values()) for each in found.values())} in {len(found)} sounds of {seconds:.0f} s"
    return [("false alarms", figure, "0"), *((name, str(each), "") for name, each in wrong.items())], found


def accuracy(options: Options) -> Part:
    rows: list[Row] = []
    figures: dict[str, Any] = {}
    for label, recognizer in candidates(default_place().cache):
        recognizer.load()
        for voice in VOICES[:1] if options.quick else VOICES:
            error = word_error(recognizer, options.lines, voice)
            rows.append((f"word error rate, {label}, {voice}", f"{error:.2f}", ""))
            figures[f"{label}, {voice}"] = error
    return rows, figures


def worker(options: Options) -> Part:
    rows: list[Row] = []
    figures: dict[str, Any] = {}
    listening = ListenSettings(device="pulse", recognizer=options.recognizer, model=options.model)
    hints = RecognizerHints(() if options.model else tuple(options.lines))  # an own model may not support prompts
    config = SpeechConfig(listening, default_place().cache, hints)
    for voice in VOICES[:1] if options.quick else VOICES[:2]:
        result = measure_worker(config, options.lines, voice, 1 if options.quick else 5)
        which = f"{result.recognizer}, {voice}"
        rows += [
            (f"end of voice to final, {which}", spread(result.finals, result.lines), ".6, .9 s"),
            ("onset of voice to first partial", spread(result.partials, result.lines), ".7 s"),
            ("word error rate; exact lines", f"{result.word_error:.2f}; {result.exact} of {result.lines}", ""),
            ("recovery of the microphone", spread(result.recoveries, len(result.recoveries)), "1 s"),
            ("CPU of the speech worker", f"{result.cpu_share:.0%} of a core", ""),
            ("samples lost", str(result.lost), "0"),
        ]
        figures[which] = asdict(result)
    return rows, figures


def show(options: Options) -> Part:
    rows: list[Row] = []
    figures: dict[str, Any] = {}
    for others in (0, 2):
        result = measure_sentences(options.lines, options.folder / f"show-{others}", options.show, others)
        which = f", beside {others} busy processes" if others else ""
        share = "-" if result.cpu_share is None else f"{result.cpu_share:.0%} of a core"
        rows += [
            (f"end of voice to first visible change{which}", spread(result.first_change, result.sentences), "p95 1 s"),
            ("the same, by the complete sentence", spread(result.whole_change, result.sentences), ""),
            ("end of voice to final in main", spread(result.final_text, result.sentences), ""),
            ("CPU of the speech worker", share, ""),
            ("restarts of the speech worker; samples lost", f"{result.restarts}; {result.lost}", "0; 0"),
            ("frames presented", f"{result.presented_fps:.1f} a second, {result.missed_frames} late", ""),
        ]
        figures[f"{others} busy"] = asdict(result)
    return rows, figures


def poem(options: Options) -> Part:
    result = measure_poem("reading", options.folder / "poem", 2 * QUICK_LINES if options.quick else 1000)
    rows = [
        ("lines of the poem shown", f"{result.shown} of {result.read} ({result.shown / result.read:.0%})", "95 %"),
        ("repeated, out of order, not read", f"{result.repeated}, {result.out_of_order}, {result.wrong}", "0, 0, 0"),
        ("onset of a line to its prompt", spread(result.delays, result.read), "median 1.5 s"),
        ("restarts of the speech worker; samples lost", f"{result.restarts}; {result.lost}", "0; 0"),
    ]
    return rows, asdict(result)


PARTS: dict[str, Callable[[Options], Part]] = {
    "false-alarms": false_alarms,
    "accuracy": accuracy,
    "worker": worker,
    "show": show,
    "poem": poem,
}


def main(
    part: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}; default: all.")] = None,
    recognizer: Annotated[str, typer.Option(help="Of the worker part: auto, sphinx or a Whisper model.")] = "auto",
    model: Annotated[str, typer.Option(help="Of the worker part: a Whisper checkpoint.")] = "",
    show: Annotated[str, typer.Option(help="Of the show part.")] = "first_light",
    quick: Annotated[bool, typer.Option(help="Measure a few lines only.")] = False,
    to: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
) -> None:
    """Measure the parts in turn and print the table."""
    options = Options(recognizer, model, show, quick, Path(mkdtemp(prefix="laterna-speech-")))
    create_recognizer(model or recognizer, RecognizerRequest(default_place().cache))  # reports a wrong name at once
    table, figures = Table("", "", "target", title="Speech"), dict[str, Any]()
    for name in part or list(PARTS):
        rows, figures[name] = PARTS[name](options)
        for row in rows:
            table.add_row(*row)
        table.add_section()
    Console(width=130).print(table)
    print(f"journals and reports: {options.folder}")
    if to:
        to.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
