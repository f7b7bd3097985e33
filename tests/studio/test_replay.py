"""What a journal says of the machine on which its show was played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from installation.core.messages import Direction
from installation.core.os_support import cores
from installation.journal.codec import RendererStarted
from installation.models import default_place
from installation.show.settings import Show
from installation.studio.replay import read_performance, renderer_config
from tests.journal.journals import write_journal


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [({"cores": 16}, 16), ({}, cores()), ({"cores": "many"}, cores()), ({"cores": -1}, cores())],
)
def test_frames_are_replayed_as_large_as_the_machine_of_the_show_painted_them(
    tmp_path: Path, metadata: dict[str, Any], expected: int
) -> None:
    path = tmp_path / "show.jsonl"
    show = Show().model_dump(mode="json", exclude={"osc", "surface", "output"})
    start = RendererStarted(None, Direction(take=1))
    write_journal(path, [start], metadata={"name": "show", "seed": 7, "size": [64, 36], "show": show, **metadata})
    assert renderer_config(default_place(), read_performance(path), start).cores == expected
