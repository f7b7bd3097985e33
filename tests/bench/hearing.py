"""Hearing with real weights, in figures: `python -m tests.bench.hearing [--only PART ...] [--int8] [--to FILE]`.

script, free, messy   word error by kind of speech, of flite's, Pico's and human voices
noise                 word error in pink noise, and beside a second talker
languages             word error in four languages, how often the language is heard, and foreign speech is reported
sounds                finals in half an hour without speech
short                 short true words that are refused
lines-en, lines-de    lines of a text that begin when they are read, and lines that begin wrongly
delay                 from the end of a voice to its final, in seconds and in decodings
show                  from the end of a voice to its picture in a show; the rates of pictures with and without it
time                  CPU time of a decoding, memory

Each part takes up to four minutes of a core. With `--to`, the figures of the parts are gathered in a file, and a part
that is measured again replaces only its own. The exit status is 1 if a figure misses its target.

Whisper's base weights are downloaded once (see `tests.speech.real_whisper`). Human voices are WAV files with
transcripts in `laterna-tests/human` of the user's cache, such as `test/data/librivox` in the source of pocketsphinx;
without them that figure is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from installation.speech.recognizers.whisper import Int8WhisperRecognizer, WhisperRecognizer
from tests.bench.hearing_clips import Options, Row
from tests.bench.hearing_lines import measure_lines_de, measure_lines_en
from tests.bench.hearing_live import measure_delay, measure_show, measure_time
from tests.bench.hearing_sounds import measure_short, measure_sounds
from tests.bench.hearing_words import measure_free, measure_languages, measure_messy, measure_noise, measure_script

PARTS: dict[str, Callable[[Options], Iterator[Row]]] = {
    "time": measure_time,
    "script": measure_script,
    "free": measure_free,
    "messy": measure_messy,
    "noise": measure_noise,
    "languages": measure_languages,
    "sounds": measure_sounds,
    "short": measure_short,
    "lines-en": measure_lines_en,
    "lines-de": measure_lines_de,
    "delay": measure_delay,
    "show": measure_show,
}


def read_rows(path: Path | None) -> dict[str, list[Row]]:
    """The figures of earlier calls, by part."""
    if path is None or not path.is_file():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return {part: [Row(*row) for row in rows] for part, rows in found.items()}


def printed(parts: dict[str, list[Row]]) -> None:
    """Print a table."""
    table = Table("", "", "target", "holds", title="Hearing")
    for part in PARTS:
        for row in parts.get(part, []):
            table.add_row(row.what, row.figure, row.target, "" if row.holds is None else "yes" if row.holds else "NO")
        table.add_section()
    Console(width=130).print(table)


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}; default: all.")] = None,
    int8: Annotated[bool, typer.Option(help="Measure the recogniser in 8-bit integers.")] = False,
    quick: Annotated[bool, typer.Option(help="Measure a few sentences only.")] = False,
    to: Annotated[Path | None, typer.Option(help="Gather the figures of several calls in this JSON file.")] = None,
) -> None:
    """Measure the parts in turn and print the table."""
    options = Options(Int8WhisperRecognizer if int8 else WhisperRecognizer, quick)
    parts = read_rows(to)
    for part in only or list(PARTS):
        rows: list[Row] = []
        for row in PARTS[part](options):
            print(*row, sep="  ", flush=True)
            rows.append(row)
        parts[part] = rows
        if to:
            to.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
    printed(parts)
    raise typer.Exit(any(row.holds is False for rows in parts.values() for row in rows))


if __name__ == "__main__":
    typer.run(main)
