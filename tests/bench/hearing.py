"""Hearing with real weights, in figures: `python -m tests.bench.hearing [--only PART ...] [--int8] [--to FILE]`.

cost                  CPU time of a decoding, memory
script, free, messy   word error by kind of speech, of flite's, Pico's and human voices
noise                 word error in pink noise, and beside a second talker
languages             word error in four languages, how often the language is heard, and foreign speech is reported
sounds                finals in half an hour without speech
short                 short true words that are refused
lines                 lines of a text in two languages that begin when they are read, and lines that begin wrongly
delay                 from the end of a voice to its final, in seconds and in decodings
show                  from the end of a voice to its picture in a show; the rates of pictures with and without it

Each has parts of its own, such as `sounds/hum`, of up to a minute of a core. With `--to` their results are gathered in
a file, and those that it has already are not measured again. The exit status is 1 if a figure misses its target.

Whisper's base weights are downloaded once (see `tests.speech.real_whisper`). Human voices are WAV files with
transcripts in `laterna-tests/human` of the user's cache, such as `test/data/librivox` in the source of pocketsphinx.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from installation.speech.recognizers.whisper import Int8WhisperRecognizer, WhisperRecognizer
from tests.bench.hearing_clips import Measurement, Options, Result, Row
from tests.bench.hearing_lines import LINES
from tests.bench.hearing_live import COST, DELAY, SHOWS
from tests.bench.hearing_sounds import SHORT_WORDS, SOUNDS
from tests.bench.hearing_words import FREE_WISHES, LANGUAGES, MESSY_WISHES, NOISE, SCRIPT_LINES

MEASUREMENTS: dict[str, Measurement] = {
    "cost": COST,
    "script": SCRIPT_LINES,
    "free": FREE_WISHES,
    "messy": MESSY_WISHES,
    "noise": NOISE,
    "languages": LANGUAGES,
    "sounds": SOUNDS,
    "short": SHORT_WORDS,
    "lines": LINES,
    "delay": DELAY,
    "show": SHOWS,
}
PARTS = {f"{name}/{part}": measure for name, each in MEASUREMENTS.items() for part, measure in each.parts.items()}


def read(path: Path | None) -> dict[str, Result]:
    """The results in a file."""
    if path is None or not path.is_file():
        return {}
    found: dict[str, Result] = json.loads(path.read_text(encoding="utf-8"))
    return found


def rows_of(results: Mapping[str, Result]) -> dict[str, list[Row]]:
    """The figures of all parts that have been measured."""
    found = {}
    for name, measurement in MEASUREMENTS.items():
        own = {part: results[f"{name}/{part}"] for part in measurement.parts if f"{name}/{part}" in results}
        found[name] = list(measurement.rows(own)) if own else []
    return found


def print_table(rows: Mapping[str, list[Row]]) -> None:
    """Print the figures."""
    table = Table("", "", "target", "holds", title="Hearing")
    for section in rows.values():
        for row in section:
            table.add_row(row.what, row.figure, row.target, "" if row.holds is None else "yes" if row.holds else "NO")
        table.add_section()
    Console(width=150).print(table)


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"{', '.join(MEASUREMENTS)}, or a part; default: all.")] = None,
    int8: Annotated[bool, typer.Option(help="Measure the recogniser in 8-bit integers.")] = False,
    quick: Annotated[bool, typer.Option(help="Measure a few sentences only.")] = False,
    to: Annotated[Path | None, typer.Option(help="Gather the results of several calls in this JSON file.")] = None,
) -> None:
    """Measure the parts in turn and print the table."""
    options = Options(Int8WhisperRecognizer if int8 else WhisperRecognizer, quick)
    results = read(to)
    for name in only or []:
        if name not in (*MEASUREMENTS, *PARTS):
            raise typer.BadParameter(f"there is no {name}; there are {', '.join((*MEASUREMENTS, *PARTS))}.")
    wanted = [part for part in PARTS if not only or part in only or part.partition("/")[0] in only]
    for part in wanted:
        if part not in (results := results | read(to)):  # another call may be measuring as well
            result = PARTS[part](options)
            results = results | read(to) | {part: result}
            print(part, result, flush=True)
            if to:
                to.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    rows = rows_of(results)
    print_table(rows)
    raise typer.Exit(any(row.holds is False for section in rows.values() for row in section))


if __name__ == "__main__":
    typer.run(main)
