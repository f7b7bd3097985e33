"""The self-test: a known line is dreamed, and its picture kept and judged; the clock is compared with the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from installation.core.messages import Direction, Prompt
from installation.doctor import selftest
from installation.doctor.finding import Level
from installation.models.image_files import read_image
from installation.models.interfaces import Picture
from installation.render.interfaces import RendererConfig
from installation.render.loading import resolve_models
from installation.show.settings import LookSettings, ModelSettings, Show
from installation.show.site_settings import LogSettings
from installation.site.event_log import EventLog
from tests.doctor.findings import PLACE, levels

FAKES = ModelSettings(generator="fake", perceptor="fake")


def show(folder: Path, models: ModelSettings = FAKES) -> Show:
    log = LogSettings(log_folder=str(folder / "logs"))
    return Show(models=models, look=LookSettings(size=(160, 90)), log=log)


def night(folder: Path, ago: timedelta, state: str, score: float) -> None:
    """Write a self-test into the log."""
    log = EventLog(LogSettings(log_folder=str(folder / "logs")))
    at = (datetime.now() - ago).timestamp()
    log.write("selftest", at, judged=state, score=score, generator="fake", picture="logs/selftest.png")
    log.close()


def test_the_picture_is_kept_and_scored(tmp_path: Path) -> None:
    (finding,) = selftest.check_picture(show(tmp_path), PLACE)
    assert finding.level is Level.OK, finding
    assert read_image(Path(finding.figures["picture"])).std() > selftest.FLAT
    assert Path(finding.figures["picture"]).parent == tmp_path / "logs"
    assert finding.text.startswith(f"'a red fox in the snow' scores {finding.figures['score']:.3f}: ")


@pytest.mark.slow
def test_a_score_below_that_of_the_last_nights_is_a_warning(tmp_path: Path) -> None:
    usual = selftest.check_picture(show(tmp_path), PLACE)[0].figures["score"]
    for days, state, score in ((60, "ok", 0.9), (3, "failure", 0.9), (2, "ok", usual), (1, "ok", usual)):
        night(tmp_path, timedelta(days=days), state, score)
    assert selftest.check_picture(show(tmp_path), PLACE)[0].level is Level.OK  # the same line, the same score
    night(tmp_path, timedelta(hours=3), "ok", usual + 0.2)
    night(tmp_path, timedelta(hours=2), "ok", usual + 0.2)
    night(tmp_path, timedelta(hours=1), "ok", usual + 0.2)
    (finding,) = selftest.check_picture(show(tmp_path), PLACE)
    assert (finding.level, "usually" in finding.text) == (Level.WARNING, True)


def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    judged, finding = selftest.check_picture(show(tmp_path), PLACE)
    assert (judged.level, finding.level, "cannot be written" in finding.text) == (Level.OK, Level.WARNING, True)


def test_a_clock_behind_the_log_is_a_failure(tmp_path: Path) -> None:
    assert levels(selftest.check_clock(show(tmp_path), PLACE))["clock"] is not Level.FAILURE
    night(tmp_path, timedelta(hours=1), "ok", 0.3)
    assert levels(selftest.check_clock(show(tmp_path), PLACE))["clock"] is not Level.FAILURE
    night(tmp_path, -timedelta(hours=48), "ok", 0.3)
    (finding,) = selftest.check_clock(show(tmp_path), PLACE)
    assert (finding.level, "48.0 hours behind the log" in finding.text) == (Level.FAILURE, True)


@pytest.mark.slow
def test_the_embedded_models_are_judged_by_what_their_picture_looks_like(tmp_path: Path) -> None:
    real = show(tmp_path, ModelSettings(generator="theatre", perceptor="clip-embedded", device="cpu"))
    config = resolve_models(selftest._config(real, PLACE))
    assert selftest._wrong(config, picture(config, selftest.LINE)) == ""
    other = selftest.OTHERS[0]
    assert selftest._wrong(config, picture(config, other)) == f"looks more like '{other}'"
    assert selftest._wrong(config, np.full((90, 160, 3), 40, np.uint8)) == "gives a flat picture"


def picture(config: RendererConfig, words: str) -> Picture:
    """The picture of other words, dreamed as the known line is."""
    return selftest._dream(replace(config, direction=Direction(1, (Prompt(1, words),), fade_seconds=0.0))).picture
