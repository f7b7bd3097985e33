"""Keeping a projection: the latest state reaches the disk, also at the end and after a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from installation.core import clock
from installation.runtime.options import RunOptions
from installation.runtime.projection_store import ProjectionStore
from installation.runtime.show_runner import ShowRunner
from installation.show.projection import KeepProjection, ProjectionSettings
from installation.show.projection_file import KeptProjection, apply_projection
from installation.show.settings import LookSettings, ModelSettings, OscSettings, Show, WebSettings
from installation.stage.stage import Stage
from tests.running import until


def change(width: float) -> KeepProjection:
    return KeepProjection(0, ProjectionSettings(blend_left=width), False)


def blend(path: Path) -> float:
    return apply_projection(Show(), path)[0].projection.blend_left


def test_of_many_changes_the_latest_is_on_disk_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "wall.projection.toml"
    store = ProjectionStore(path, KeptProjection())
    for step in range(100):
        store.keep(change(step / 100))
        store.write(step / 1000)
    store.close()
    assert blend(path) == 0.99


def test_a_change_is_on_disk_while_the_show_runs(tmp_path: Path) -> None:
    path = tmp_path / "wall.projection.toml"
    store = ProjectionStore(path, KeptProjection())
    store.keep(change(0.5))
    store.write(0.0)
    until(path.exists, 5, "the file")
    assert blend(path) == 0.5
    store.close()


def test_a_folder_that_refuses_is_reported_and_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "wall.projection.toml"
    store = ProjectionStore(path, KeptProjection())
    store.keep(change(0.5))
    store.write(0.0)

    def failure() -> str:
        store.write(10.0)
        return store.failure()

    assert until(failure, 5, "the failure").startswith(f"Cannot keep the projection in {path}")
    path.parent.mkdir()
    store.write(20.0)
    store.close()
    assert blend(path) == 0.5


def test_a_failing_last_write_is_told(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "wall.projection.toml"
    store = ProjectionStore(path, KeptProjection())
    store.keep(change(0.5))
    store.close()
    assert store.failure().startswith(f"Cannot keep the projection in {path}")


def test_a_write_that_fails_while_the_show_ends_is_told(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "wall.projection.toml"
    store = ProjectionStore(path, KeptProjection())
    store.keep(change(0.5))
    store.write(0.0)
    store.close()
    assert store.failure().startswith(f"Cannot keep the projection in {path}")


def test_the_end_of_a_show_tells_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    show = Show(
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(160, 90)),
        osc=OscSettings(enabled=False),
        web=WebSettings(enabled=False),
    )
    stage = Stage.open(show.look, "T", headless=True)
    runner = ShowRunner(RunOptions(show, headless=True, terminal=False), stage, clock.now())
    runner.effects.projection = ProjectionStore(tmp_path / "missing" / "wall.toml", KeptProjection())
    runner.effects.projection.keep(change(0.5))
    told: list[str] = []
    monkeypatch.setattr(runner.view, "notify", lambda notice, _now: told.append(notice.text))
    runner._end()
    assert [sentence.partition(" in ")[0] for sentence in told] == ["Cannot keep the projection"]
