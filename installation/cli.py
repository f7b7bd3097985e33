"""The command line. A mistake is one sentence and exit status 2."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from installation import cli_doctor, cli_models, clock
from installation.errors import ShowError
from installation.system import process_age

COMMANDS = (
    "play",
    "imagine",
    "bank",
    "bench",
    "shows",
    "params",
    "devices",
    "listen",
    "transcribe",
    "models",
    "fetch",
    "doctor",
)
DEFAULT_SHOW = "first_light"
COURSE = 12  # how many scores of a picture's course are told

app = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.command()(cli_models.models)
app.command()(cli_models.fetch)
app.command()(cli_doctor.doctor)


def main(arguments: list[str]) -> int:
    """Runs a command line; returns the exit status."""
    began = clock.now() - process_age()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a prompt in any script must not end a show in an old terminal
    arguments = _optional_value(arguments, "--mic")
    if not arguments or arguments[0] not in (*COMMANDS, "--help"):
        arguments = ["play", *arguments]
    try:
        status = app(arguments, standalone_mode=False, prog_name="run_show.py", obj=began)
    except typer.exceptions.TyperException as error:
        return _fail(_sentence(error.format_message()))
    except typer.Abort:
        return 130
    except ShowError as error:
        return _fail(str(error))
    return int(status or 0)


def _optional_value(arguments: list[str], option: str) -> list[str]:
    """Gives an option that stands alone an empty value: `--mic` as well as `--mic NAME`."""
    if option not in arguments:
        return arguments
    after = arguments.index(option) + 1
    alone = after == len(arguments) or arguments[after].startswith("--")
    return [*arguments[:after], *([""] if alone else []), *arguments[after:]]


def _fail(sentence: str) -> int:
    print(f"laterna: {sentence}", file=sys.stderr)
    return 2


def _sentence(message: str) -> str:
    return " ".join(message.split()).rstrip(".") + "."


def _settings(pairs: list[str]) -> dict[str, str]:
    settings = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise ShowError(f"--set takes name=value, not '{pair}'.")
        settings[name.strip()] = value.strip()
    return settings


@app.command()
def play(
    context: typer.Context,
    show: Annotated[str, typer.Argument(help="A show's name, or a TOML file.")] = DEFAULT_SHOW,
    headless: Annotated[bool, typer.Option(help="No window: a recording and a status line.")] = False,
    fullscreen: Annotated[bool, typer.Option(help="The whole display.")] = False,
    display: Annotated[int | None, typer.Option(help="Which display, from 0.")] = None,
    seconds: Annotated[float | None, typer.Option(help="End after so long.", min=0.1)] = None,
    say: Annotated[list[str] | None, typer.Option(help="Words that wait their turn; may be repeated.")] = None,
    every: Annotated[float, typer.Option(help="Seconds between words that wait.", min=0.0)] = 8.0,
    text: Annotated[Path | None, typer.Option(help="A file of lines that wait their turn; - is the input.")] = None,
    record: Annotated[Path | None, typer.Option(help="An MP4 of what the audience sees.")] = None,
    journal: Annotated[Path | None, typer.Option(help="A journal of every message, to be replayed.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Render a journal again, offline.")] = None,
    report: Annotated[Path | None, typer.Option(help="Figures of the performance, as JSON.")] = None,
    mic: Annotated[str | None, typer.Option(help="Hear: a part of the microphone's name, or nothing.")] = None,
    audio: Annotated[Path | None, typer.Option(help="Hear a WAV file, at its own pace.")] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same choices.", min=0)] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="name=value: a show key or a live value.")] = None,
    inline: Annotated[bool, typer.Option(help="The renderer in the main process, for the debugger.")] = False,
    models: cli_models.Folder = None,
) -> int:
    """Play a show (the default command)."""
    from installation.models import choose, default_place
    from installation.performance.plan import Plan
    from installation.show import load_show, override, show_path

    del models
    settings = _settings(set_ or [])
    for key, value in (("look.fullscreen", fullscreen or None), ("look.display", display)):
        if value is not None:
            settings[key] = str(value).lower()
    if mic is not None:
        settings |= {"listen.enabled": "true", **({"listen.device": mic} if mic else {})}
    chosen, live = override(load_show(show), settings)
    if say or text or "queue/seconds" not in {**chosen.params, **live}:
        live.setdefault("queue/seconds", every)
    choose(chosen.models.generator, chosen.models.perceptor, default_place())
    plan = Plan(
        show=chosen,
        name=Path(show).stem,
        folder=show_path(show).parent,
        values=live,
        headless=headless,
        seconds=seconds,
        say=tuple(say or ()),
        text=text,
        record=record,
        journal=journal,
        report=report,
        seed=seed if seed is not None else chosen.models.seed or random.SystemRandom().randrange(1, 2**31),
        inline=inline,
        audio=audio,
    )
    if replay:
        from installation.performance.replay import replay_performance

        return _finish(replay_performance(plan, replay), report, "{equal} of {frames} frames are as they were.")
    from installation.performance.start import perform

    return _finish(perform(plan, began=context.obj), report)


def _finish(figures: dict[str, Any], report: Path | None, sentence: str = "") -> int:
    from installation.performance.report import summary

    print(sentence.format(**figures) if sentence else summary(figures))
    if report:
        with _writing(report):
            report.parent.mkdir(parents=True, exist_ok=True)
            report.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ShowError(f"{path} cannot be written: {error.strerror}.") from None


@app.command()
def imagine(
    text: Annotated[str, typer.Argument(help="The words.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The PNG file.")],
    steps: Annotated[int, typer.Option(help="Optimisation steps.", min=0)] = 150,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.", min=0)] = 1,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT, where the generator is free in size.")] = "1280x720",
    generator: Annotated[str, typer.Option(help="Which generator.")] = "auto",
    perceptor: Annotated[str, typer.Option(help="Which perceptor.")] = "auto",
    models: cli_models.Folder = None,
) -> int:
    """One picture, offline, by the same models, dream and Bank."""
    from installation.dream.imagine import imagine as dream_of

    del models
    with _writing(output):
        output.parent.mkdir(parents=True, exist_ok=True)
    picture = dream_of(text, generator, perceptor, steps, seed, _height_width(size))
    with _writing(output):
        picture.save(output)
    every = max(1, len(picture.course) // COURSE)
    course = " ".join(f"{score:.3f}" for score in [*picture.course[:-1:every], picture.course[-1]])
    print(f"score {course}\n{', '.join(picture.labels)}\n{output}")
    if picture.notice:
        print(picture.notice)
    return 0


@app.command()
def bank(
    generator: Annotated[str, typer.Argument(help="A generator that is fetched.")],
    perceptor: Annotated[str, typer.Option(help="Which perceptor.")] = "auto",
    entries: Annotated[int, typer.Option(help="Pictures; 512 will do where there is no GPU.", min=64)] = 4096,
    seed: Annotated[int, typer.Option(help="Same seed, same pictures.", min=0)] = 1,
    models: cli_models.Folder = None,
) -> int:
    """Build the Bank of two fetched models, from which their dreams start; needed once."""
    from installation.dream.loading import usual_device
    from installation.models import default_place
    from installation.training.bank import build_own

    del models
    place = default_place(usual_device())
    with _writing(place.cache):
        build_own(generator, perceptor, entries, seed, place)
    return 0


@app.command()
def bench(
    generator: Annotated[
        list[str] | None, typer.Option(help="Which generators; default: what suits the device.")
    ] = None,
    perceptor: Annotated[str, typer.Option(help="Which perceptor.")] = "auto",
    cutouts: Annotated[list[int] | None, typer.Option(help="Of a step; repeatable.", min=1)] = None,
    seconds: Annotated[float, typer.Option(help="That each work is timed for.", min=0.01)] = 3.0,
    lines: Annotated[int, typer.Option(help="Said in each whole show; 0: no shows.", min=0)] = 12,
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "auto",
    output: Annotated[Path | None, typer.Option("--json", help="Also write the figures here; - is the output.")] = None,
    models: cli_models.Folder = None,
) -> int:
    """How fast this machine is, beside the ordinary way and the physical limit. Minutes."""
    from installation.bench.course import print_tables, run_bench
    from installation.dream.loading import device_named, limit_threads
    from installation.models import default_place
    from installation.printing import console

    del models
    limit_threads()
    place = default_place(device_named(device))
    figures = run_bench(generator or (), perceptor, cutouts or (), seconds, lines, place, console(stderr=True).print)
    text = json.dumps(figures, indent=2)
    if output == Path("-"):
        print(text)
        return 0
    print_tables(figures, console())
    if output:
        with _writing(output):
            output.write_text(text + "\n", encoding="utf-8")
    return 0


def _height_width(size: str) -> tuple[int, int]:
    width, sign, height = size.partition("x")
    if not (sign and width.isdigit() and height.isdigit() and min(int(width), int(height)) >= 64):
        raise ShowError(f"--size takes WIDTHxHEIGHT of 64 pixels and more, such as 1280x720, not '{size}'.")
    return int(height), int(width)


@app.command()
def shows() -> int:
    """The shows that come with Laterna."""
    from rich.table import Table

    from installation.printing import console
    from installation.show import load_show
    from installation.show import shows as known

    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0))
    for name in known():
        table.add_row(name, load_show(name).description)
    console().print(table)
    return 0


@app.command()
def params(markdown: Annotated[bool, typer.Option(help="As the README's table.")] = False) -> int:
    """The table of live parameters: OSC addresses, show keys, `--set` names."""
    from installation.params import reference

    if markdown:
        print("| OSC address | takes | default | what |\n|---|---|---|---|")
        for cells in reference():
            print("| " + " | ".join(cells) + " |")
        return 0
    from rich.table import Table

    from installation.printing import console

    table = Table("address", "takes", "default", "what", box=None, padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    for cells in reference():
        table.add_row(*(cell.replace("`", "") for cell in cells))
    console().print(table)
    return 0


@app.command()
def devices(seconds: Annotated[float, typer.Option(help="How long each is listened to.", min=0.1)] = 1.0) -> int:
    """The microphones, each with its level."""
    from installation.performance.hearing import list_devices

    list_devices(seconds)
    return 0


@app.command()
def listen(
    mic: Annotated[str, typer.Option(help="A part of the microphone's name.")] = "",
    recognizer: Annotated[str, typer.Option(help="auto, a Whisper model, sphinx, or a Whisper file.")] = "auto",
    venue: Annotated[str, typer.Option(help="quiet, stage or crowd.")] = "quiet",
    language: Annotated[str, typer.Option(help="Two letters, of what is said.")] = "en",
    seconds: Annotated[float | None, typer.Option(help="End after so long.", min=0.1)] = None,
    models: cli_models.Folder = None,
) -> int:
    """Hear without pictures: level, voice, partials, finals, refusals and delays; to set up a room."""
    from installation.performance.hearing import hear
    from installation.show import Show, override

    del models
    settings = {"device": mic, "recognizer": recognizer, "venue": venue, "language": language}
    show, _ = override(Show(), {f"listen.{key}": value for key, value in settings.items()})
    hear(show.listen, None, seconds)
    return 0


@app.command()
def transcribe(
    file: Annotated[Path, typer.Argument(help="A WAV file.")],
    recognizer: Annotated[str, typer.Option(help="auto, a Whisper model, sphinx, or a Whisper file.")] = "auto",
    language: Annotated[str, typer.Option(help="Two letters, of what is said.")] = "en",
    models: cli_models.Folder = None,
) -> int:
    """The words of a recording, by the same path as a microphone's, as fast as it goes."""
    from installation.performance.hearing import hear
    from installation.show import Show, override

    del models
    show, _ = override(Show(), {"listen.recognizer": recognizer, "listen.language": language})
    hear(show.listen, file, None)
    return 0
