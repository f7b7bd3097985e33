"""Keeping a projection: the latest state reaches the disk, also at the end and after a failure."""

from __future__ import annotations

from pathlib import Path

from installation.runtime.projection_store import ProjectionStore
from installation.show.projection import KeepProjection, ProjectionSettings
from installation.show.projection_file import KeptProjection, apply_projection
from installation.show.settings import Show
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
