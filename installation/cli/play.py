"""The command `play`: a show, live or from a journal."""

from __future__ import annotations

import contextlib
import gc
import json
import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from installation.cli import models
from installation.core.errors import ShowError
from installation.core.param_table import MAX_SEED
from installation.core.paths import writing

if TYPE_CHECKING:
    from installation.models.interfaces import ModelPlace
    from installation.runtime.options import RunOptions
    from installation.show.projection_file import KeptProjection
    from installation.show.settings import ModelSettings, Show

DEFAULT_SHOW = "first_light"


def play(
    context: typer.Context,
    show: Annotated[str, typer.Argument(help="Name of a show, or path of a TOML file.")] = DEFAULT_SHOW,
    headless: Annotated[bool, typer.Option(help="Open no window; record, and print a status line.")] = False,
    window: Annotated[
        bool,
        typer.Option("--window", help="End where no window can be open, instead of playing headless; for services."),
    ] = False,
    fullscreen: Annotated[bool, typer.Option(help="Fill the display.")] = False,
    display: Annotated[int | None, typer.Option(help="Number of the display, from 0.")] = None,
    seconds: Annotated[float | None, typer.Option(help="End the show after this many seconds.", min=0.1)] = None,
    say: Annotated[list[str] | None, typer.Option(help="Queue these words; repeatable.")] = None,
    every: Annotated[float, typer.Option(help="Seconds that each of the queued words stays.", min=0.0)] = 8.0,
    text: Annotated[Path | None, typer.Option(help="Queue the lines of this file; - for standard input.")] = None,
    record: Annotated[
        Path | None, typer.Option(help="Record what the audience sees to this MP4 file, or MOV for editing.")
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option(help="Send the picture to this output too, such as mjpeg; repeatable.")
    ] = None,
    journal: Annotated[Path | None, typer.Option(help="Write every message to this file, for --replay.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Render this journal again instead of playing live.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write measurements to this JSON file.")] = None,
    mic: Annotated[
        str | None, typer.Option(help="Listen to the microphone with this in its name; without a value, the default.")
    ] = None,
    audio: Annotated[Path | None, typer.Option(help="Listen to this audio file instead of a microphone.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all random choices.", min=0, max=MAX_SEED)] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="NAME=VALUE: override a key of the show or a live parameter; repeatable."),
    ] = None,
    continue_: Annotated[
        bool, typer.Option("--continue", help="When nobody speaks, queue lines made of the show's own words.")
    ] = False,
    continue_with: Annotated[
        str | None,
        typer.Option(help="Let the language model in this folder write these lines, on the CPU."),
    ] = None,
    trust: Annotated[
        bool, typer.Option(help="Let the show file name any path, not only those beside it and in recordings.")
    ] = False,
    inline: Annotated[bool, typer.Option(help="Run the renderer in the main process, for debugging.")] = False,
    models: models.Folder = None,
) -> int:
    """Play a show; the default command."""
    gc.disable()  # until the show runs: see `ShowRunner.run`
    from installation.models import default_place
    from installation.models.language import language_model_folder
    from installation.runtime.options import RunOptions
    from installation.show.confinement import named_hosts
    from installation.show.loader import load_show, override, show_path
    from installation.show.projection_file import projection_file

    if record is not None and record.suffix.lower() not in (".mp4", ".mov"):
        raise ShowError(f"A recording is an MP4 or MOV file: --record {record.with_suffix('.mp4')}, not {record}.")
    settings = parse_settings(set_ or [])
    for key, value in (("look.fullscreen", fullscreen or None), ("look.display", display)):
        if value is not None:
            settings[key] = str(value).lower()
    if mic is not None:
        settings |= {"listen.enabled": "true", **({"listen.device": mic} if mic else {})}
    loaded = load_show(show, confined=not trust, overridden=settings)
    if say or text or "queue/seconds" not in loaded.params:
        settings.setdefault("queue/seconds", str(every))
    loaded, kept, notices = _with_projection(loaded, projection_file(show_path(show).parent, Path(show).stem))
    chosen, values = override(loaded, settings)
    if kept.locked:
        values.setdefault("output/lock", True)
    if chosen.dream.pictures:  # relative to the show, as every path of a show file
        folder = (show_path(show).parent / chosen.dream.pictures).resolve()
        chosen = chosen.model_copy(update={"dream": chosen.dream.model_copy(update={"pictures": str(folder)})})
    chosen = _with_outputs(chosen, output or [])
    chosen = _in_safe_mode(chosen)
    place = default_place(cache=models)
    _check_models(chosen.models, place)
    options = RunOptions(
        show=chosen,
        name=Path(show).stem,
        folder=show_path(show).parent,
        file=show_path(show),
        confined=not trust,
        settings=settings,
        place=place,
        values=values,
        headless=headless,
        window=window,
        seconds=seconds,
        say=tuple(say or ()),
        text=text,
        record=record,
        journal=journal,
        report=report,
        seed=seed if seed is not None else chosen.models.seed or random.SystemRandom().randrange(1, MAX_SEED + 1),
        continues=continue_ or continue_with is not None,
        language_model=language_model_folder(continue_with, place) if continue_with is not None else None,
        inline=inline,
        audio=audio,
        hosts=tuple(named_hosts(loaded)),
        projection=kept,
        notices=tuple(notices),
    )
    return _replay(options, replay) if replay else _perform(options, context.obj)


def _with_projection(show: Show, path: Path) -> tuple[Show, KeptProjection, list[str]]:
    """The show with the projection that was set by hand, what that is, and what the operator is told about it.

    A file that cannot be used is moved aside: it is neither lost nor a reason not to play.
    """
    from installation.show.projection_file import KeptProjection, apply_projection

    try:
        changed, kept = apply_projection(show, path)
    except ShowError as error:
        sentences = [f"{error} The projection of the show file is used."]
        aside = path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}")
        with contextlib.suppress(OSError):  # where it cannot be moved, it cannot be replaced either
            path.replace(aside)
            sentences.append(f"The file is now {aside.name}.")
        return show, KeptProjection(), [" ".join(sentences)]
    told = f"The projection is that of {path.name}; delete the file to use the show file's." if kept.windows else ""
    return changed, kept, [told] if told else []


def _with_outputs(show: Show, kinds: Sequence[str]) -> Show:
    """The show with further outputs. Raises ShowError, with the closest match, for an unknown kind."""
    if not kinds:
        return show
    from installation.outputs.registry import output_spec
    from installation.show.settings import OutputSettings

    added = [OutputSettings(kind=output_spec(kind).kind) for kind in kinds]
    return show.model_copy(update={"output": (*show.output, *added)})


def _in_safe_mode(show: Show) -> Show:
    """The show, or its safe mode if it has crashed again and again."""
    if not show.log.log_folder:
        return show
    from installation.runtime.safe_mode import is_crashing, safe
    from installation.runtime.terminal import print_line

    if not is_crashing(Path(show.log.log_folder), datetime.now().astimezone()):
        return show
    print_line("The show has crashed repeatedly: it starts in safe mode, with the embedded models and no microphone.")
    return safe(show)


def _check_models(settings: ModelSettings, place: ModelPlace) -> None:
    """Find out before the show whether its models can be used. Raises ShowError."""
    from installation.models import choose, generator_spec, has_bank

    generator, perceptor = choose(settings.generator, settings.perceptor, place)
    if not has_bank(generator_spec(generator), perceptor, place):
        raise ShowError(
            f"{generator} and {perceptor} have no latent bank, from which dreams start; "
            f"build it once: run_show.py bank {generator} --perceptor {perceptor}"
        )


def _perform(options: RunOptions, began: float) -> int:
    from installation.runtime.launch import Performance, perform
    from installation.runtime.terminal import print_line

    def deliver(performance: Performance) -> None:
        from installation.runtime.report import summary

        _write_report(performance.report, options.report)  # before anything is printed, which may fail
        print_line(summary(performance.report))
        if sentence := performance.files_sentence():
            print_line(sentence)

    perform(options, began, deliver)
    return 0


def _replay(options: RunOptions, journal: Path) -> int:
    from installation.runtime.terminal import print_line
    from installation.studio.replay import replay_performance

    measurements = replay_performance(options.place, journal, options.record)
    _write_report(measurements, options.report)
    print_line(f"{measurements['equal']} of {measurements['frames']} frames equal the recorded ones.")
    return 0


def _write_report(measurements: dict[str, Any], path: Path | None) -> None:
    if path:
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(measurements, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def parse_settings(pairs: Sequence[str]) -> dict[str, str]:
    """Splits NAME=VALUE pairs. Raises ShowError for one without "="."""
    settings = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ShowError(f"--set takes NAME=VALUE, not '{pair}'.")
        settings[name.strip()] = value.strip()
    return settings
