"""The command line. A mistake is one sentence and exit status 2."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from installation.cli import doctor, hearing, models, offline
from installation.cli.offline import writing
from installation.core import clock
from installation.core.errors import ShowError
from installation.core.os_support import process_age

DEFAULT_SHOW = "first_light"
EXAMPLES = {  # of the commands that do nothing without an argument
    "imagine": "run_show.py imagine 'a red sun over the sea' -o sun.png",
    "bank": "run_show.py bank biggan-deep-256 --perceptor RN50-quickgelu",
    "transcribe": "run_show.py transcribe talk.wav",
}

app = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False, rich_markup_mode=None)
for command in (
    *(offline.imagine, offline.bank, offline.bench),
    *(hearing.devices, hearing.listen, hearing.transcribe),
    *(models.models, models.fetch, doctor.doctor),
):
    app.command(epilog=EXAMPLES.get(command.__name__))(command)


def main(arguments: list[str]) -> int:
    """Runs a command line; returns the exit status."""
    began = clock.now() - process_age()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a prompt in any script must not end a show in an old terminal
    arguments = _optional_value(arguments, "--mic")
    if not arguments or arguments[0] not in ("--help", *commands()):
        arguments = ["play", *arguments]
    try:
        status = app(arguments, standalone_mode=False, prog_name="run_show.py", obj=began)
    except typer.exceptions.TyperException as error:
        example = EXAMPLES.get(arguments[0])
        return _fail(_sentence(error.format_message()) + (f" For example: {example}" if example else ""))
    except typer.Abort:
        return 130
    except ShowError as error:
        return _fail(str(error))
    return int(status or 0)


def commands() -> list[str]:
    """The names of all commands."""
    return [known.name or known.callback.__name__ for known in app.registered_commands if known.callback]


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
    models: models.Folder = None,
) -> int:
    """Play a show (the default command)."""
    from installation.models import choose, default_place
    from installation.runtime.options import RunOptions
    from installation.show.loader import load_show, override, show_path

    del models
    if record is not None and record.suffix.lower() != ".mp4":
        raise ShowError(f"a recording is an MP4: --record {record.with_suffix('.mp4')}, not {record}.")
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
    plan = RunOptions(
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
        from installation.runtime.replay import replay_performance

        return _finish(replay_performance(plan, replay), report, "{equal} of {frames} frames are as they were.")
    from installation.runtime.launch import perform

    return _finish(perform(plan, began=context.obj), report)


def _finish(figures: dict[str, Any], report: Path | None, sentence: str = "") -> int:
    from installation.runtime.report import summary

    print(sentence.format(**figures) if sentence else summary(figures))
    if report:
        with writing(report):
            report.parent.mkdir(parents=True, exist_ok=True)
            report.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


@app.command()
def shows() -> int:
    """The shows that come with Laterna."""
    from rich.table import Table

    from installation.cli.console import console
    from installation.show.loader import load_show
    from installation.show.loader import shows as known

    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0))
    for name in known():
        table.add_row(name, load_show(name).description)
    console().print(table)
    return 0


@app.command()
def params(markdown: Annotated[bool, typer.Option(help="As the README's table.")] = False) -> int:
    """The table of live parameters: OSC addresses, show keys, `--set` names."""
    from installation.core.params import reference_rows

    if markdown:
        print("| OSC address | takes | default | what |\n|---|---|---|---|")
        for cells in reference_rows():
            print("| " + " | ".join(cells) + " |")
        return 0
    from rich.table import Table

    from installation.cli.console import console

    table = Table("address", "takes", "default", "what", box=None, padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    for cells in reference_rows():
        table.add_row(*(cell.replace("`", "") for cell in cells))
    console().print(table)
    return 0
