"""The self-test of an installation: a known line is dreamed and its picture judged; microphone, disk and clock.

`doctor --selftest` runs it on demand, and a show by itself at night (see `runtime.nightly_test`). The picture is kept,
one each time, so that nights can be compared.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from types import MappingProxyType

import numpy as np

from installation.core.errors import ShowError
from installation.core.messages import Direction, Prompt
from installation.core.os_support import clock_is_synchronised
from installation.doctor.devices import check_microphone
from installation.doctor.finding import Finding, failure, ok, warning
from installation.doctor.machine import check_disks
from installation.doctor.runner import Check
from installation.models import generator_spec
from installation.models.interfaces import ModelPlace, Picture
from installation.render.interfaces import RendererConfig
from installation.render.loading import load_dream_factory, load_generator, load_perceptor, resolve_models
from installation.render.png_file import write_png
from installation.render.rendered_frame import RenderedFrame
from installation.render.renderer import Renderer
from installation.show.settings import Show
from installation.site.history import read_history

LINE = "a red fox in the snow"
OTHERS = ("a blue whale under water", "a burning candle", "a sailing ship at sunset", "a bowl of green apples")
SEED = 1
STEPS = 40  # of optimisation, before the picture is judged
MAX_PIECES = 2000  # of dream work, for a dream that takes no steps
FRAME_SECONDS = 0.1  # of the walk, between two steps
FLAT = 4.0  # standard deviation (0..255) under which a picture shows nothing
SCORE_LOSS = 0.05  # below the usual score, from which something has changed
USUAL_DAYS = 30  # of earlier self-tests, whose median is the usual score
CLOCK_SECONDS = 60.0  # that the clock may be behind the newest line of the log


def check_picture(show: Show, place: ModelPlace) -> list[Finding]:
    """Dream the known line as the show does, keep the picture, and judge it."""
    config = resolve_models(_config(show, place))
    frame = _dream(config)
    path = picture_path(show, time.time())
    score = round(frame.score, 4)
    unkept = _keep(path, frame.picture)
    figures = {"picture": "" if unkept else str(path), "score": score, "generator": config.models.generator}
    if wrong := _wrong(config, frame.picture):
        return [failure("picture", f"'{LINE}' {wrong}: {path}", "run_show.py doctor", **figures), *unkept]
    usual = usual_score(show, config.models.generator)
    text = f"'{LINE}' scores {score:.3f}{f', usually {usual:.3f}' if usual else ''}: {path}"
    if usual and score < usual - SCORE_LOSS:
        return [warning("picture", text, "compare the pictures of the last nights", **figures), *unkept]
    return [ok("picture", text, **figures), *unkept]


def _keep(path: Path, picture: Picture) -> list[Finding]:
    """Write the picture; a finding if the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_png(path, picture, {"Title": LINE, "Software": "Laterna"})
    except OSError as error:
        text = f"{path} cannot be written ({error.strerror})"
        return [warning("daily picture", text, "make room, or change permissions")]
    return []


def _config(show: Show, place: ModelPlace) -> RendererConfig:
    direction = Direction(1, (Prompt(1, LINE),), fade_seconds=0.0)
    return RendererConfig(show.models, show.dream, Path(), show.look.size, 1.0, SEED, direction, place=place)


def _dream(config: RendererConfig) -> RenderedFrame:
    """The frame after `STEPS`."""
    generator = load_generator(config)
    renderer = Renderer(config, generator, load_dream_factory(config, generator))
    renderer.direct(config.direction)
    steps, frame = 0, renderer.draw(0.0)
    for _ in range(MAX_PIECES):
        if not renderer.work():
            continue
        steps += 1
        frame = renderer.draw(steps * FRAME_SECONDS)
        if steps == STEPS:
            return frame
    raise ShowError(f"The dream of the self-test took {steps} of {STEPS} steps.")


def _wrong(config: RendererConfig, picture: Picture) -> str:
    """What is wrong with the picture of the line; "" if nothing is."""
    if float(picture.std()) < FLAT:
        return "gives a flat picture"
    if not generator_spec(config.models.generator).needs_torch:  # a rehearsal's pictures mean nothing
        return ""
    from installation.studio.classify import embed_pictures, label_embeddings

    perceptor = load_perceptor(config.models, config.place)
    lines = (LINE, *OTHERS)
    cosines = label_embeddings(perceptor, lines, ("{}",)) @ embed_pictures(perceptor, [picture], config.place.device)[0]
    best = lines[int(np.argmax(cosines))]
    return "" if best == LINE else f"looks more like '{best}'"


def log_folder(show: Show) -> Path:
    """Where the log is: in `logs`, as of an installed service, unless the show file says otherwise."""
    return Path(show.log.log_folder or "logs")


def picture_path(show: Show, at: float) -> Path:
    """The picture of a self-test, beside the log. `at`: seconds of the POSIX clock. The disk budget knows its name."""
    return log_folder(show) / f"selftest-{datetime.fromtimestamp(at):%Y%m%d-%H%M%S}.png"


def usual_score(show: Show, generator: str) -> float:
    """The median score of the last nights with this generator; 0 without any."""
    since = datetime.now().astimezone() - timedelta(days=USUAL_DAYS)
    try:
        tests = read_history(log_folder(show), since).of("selftest")
    except ShowError:  # there is no log yet
        return 0.0
    scores = [each["score"] for each in tests if each.get("generator") == generator and each.get("judged") == "ok"]
    return float(median(scores)) if scores else 0.0


def check_clock(show: Show, place: ModelPlace) -> list[Finding]:
    """Whether the clock follows a time server, and is not behind the log."""
    del place
    now = datetime.now().astimezone()
    try:
        moments = [each["at"] for each in read_history(log_folder(show), now).events]
    except ShowError:  # there is no log
        moments = []
    behind = (max(moments) - now).total_seconds() if moments else 0.0
    text = f"{now:%Y-%m-%d %H:%M:%S %Z}"
    if behind > CLOCK_SECONDS:
        text += f", {behind / 3600:.1f} hours behind the log"
        return [failure("clock", text, "set the clock; an empty battery of the mainboard loses it", behind=behind)]
    synchronised = clock_is_synchronised()
    if synchronised is False:
        return [warning("clock", f"{text}, not synchronised", "start chrony or systemd-timesyncd")]
    return [ok("clock", f"{text}{', synchronised' if synchronised else ''}")]


def check_quiet_microphone(show: Show, place: ModelPlace) -> list[Finding]:
    """Record from the microphones, if the show listens."""
    return check_microphone(show, place) if show.listen.enabled else []


# What can be tested beside a show that runs. Its microphone is open already: the show itself judges the level.
NIGHTLY: Mapping[str, Check] = MappingProxyType({"picture": check_picture, "disk": check_disks, "clock": check_clock})
ON_DEMAND: Mapping[str, Check] = MappingProxyType({**NIGHTLY, "microphone": check_quiet_microphone})
