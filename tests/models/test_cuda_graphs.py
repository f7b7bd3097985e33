"""Lanes, graphs and mirrors where there is no such device: the same calls, done at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from installation.models.cuda_graphs import (
    AsyncHostCopy,
    CapturedGraph,
    CapturedPainter,
    Stream,
    fast_precision,
    memory_pool,
)
from installation.models.fake import FakeGenerator

CPU = torch.device("cpu")


def test_a_replayed_function_reads_and_writes_tensors_that_stay_where_they_are() -> None:
    given, result = torch.zeros(3), torch.zeros(3)
    doubled = CapturedGraph(lambda: result.copy_(2 * given))
    doubled.capture(Stream(CPU), memory_pool(CPU))
    for value in (1.0, 5.0):
        given.fill_(value)
        assert doubled() is result
        assert result.tolist() == [2 * value] * 3


def test_a_mirror_shows_what_was_sent_last_and_not_what_came_after() -> None:
    score, z = torch.tensor(1.0), torch.ones(2, 3)
    mirror = AsyncHostCopy(z, score)
    assert float(mirror.read()[1]) == 1.0
    score.fill_(2.0)
    z.mul_(4.0)
    assert float(mirror.read()[1]) == 1.0
    mirror.send(z, score)
    kept = mirror.read(wait=True)
    z.zero_()
    mirror.send(z, score)
    np.testing.assert_array_equal(kept[0], np.full((2, 3), 4.0))
    assert float(kept[1]) == 2.0


def test_nothing_is_copied_behind_the_back_of_a_device_without_events() -> None:
    class Copies(TorchFunctionMode):
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if function is torch.Tensor.copy_:
                waited.append(not (kwargs or {}).get("non_blocking", False))
            return function(*args, **(kwargs or {}))

    waited: list[bool] = []
    light = FakeGenerator()
    painter = CapturedPainter(lambda latents: light.render(latents, 16), light.sample(1, 1), Stream(CPU))
    with Copies():
        painter.paint(light.sample(1, 2))
    assert len(waited) > 4
    assert all(waited)


def test_what_is_put_into_a_lane_is_there_for_its_work() -> None:
    lane = Stream(CPU)
    there = lane.put(np.arange(3, dtype=np.float32))
    with lane.work():
        assert (there + 1.0).tolist() == [1.0, 2.0, 3.0]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no card")
def test_a_lane_waits_for_what_was_begun_outside_of_it() -> None:
    lane, late = Stream(torch.device("cuda")), torch.zeros(1 << 20, device="cuda")
    lane.finish()
    torch.cuda._sleep(200_000_000)  # type: ignore[no-untyped-call]
    late.fill_(3.0)
    with lane.work():
        seen = late.sum()
    lane.finish()
    assert float(seen) == 3.0 * (1 << 20)


def test_lanes_may_be_entered_one_within_another_and_after_a_failure() -> None:
    lane, other = Stream(CPU), Stream(CPU)
    with pytest.raises(ValueError, match="lost"), lane.work():
        raise ValueError("lost")
    with lane.work(), other.work(), lane.work():
        done = torch.ones(1) + 1.0
    lane.finish()
    assert float(done) == 2.0


def test_the_quick_precision_of_a_processor_is_one_that_it_has_instructions_for() -> None:
    wide = torch.cpu.get_capabilities()
    quick = fast_precision(CPU)
    assert quick in (torch.float32, torch.bfloat16)
    assert (quick == torch.bfloat16) == bool(wide.get("avx512_bf16") or wide.get("amx_bf16"))
    assert fast_precision(torch.device("meta")) == torch.float32
