"""Streams, graphs and host copies: on a CPU the same calls do the work at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from installation.models.captured_painter import AsyncHostCopy, CapturedPainter
from installation.models.cuda_graphs import CapturedGraph, Stream, fast_precision, memory_pool, memory_shortage
from installation.models.fake import FakeGenerator

CPU = torch.device("cpu")


def test_a_captured_function_reads_and_writes_the_same_tensors_each_time() -> None:
    given, result = torch.zeros(3), torch.zeros(3)
    doubled = CapturedGraph(lambda: result.copy_(2 * given))
    doubled.capture(Stream(CPU), memory_pool(CPU))
    for value in (1.0, 5.0):
        given.fill_(value)
        assert doubled() is result
        assert result.tolist() == [2 * value] * 3


def test_the_shortage_behind_a_failed_capture_is_found() -> None:
    shortage = torch.OutOfMemoryError("no room")
    failed = RuntimeError("the capture was invalidated")
    failed.__context__ = shortage
    assert memory_shortage(failed) is shortage
    assert memory_shortage(RuntimeError("another fault")) is None


def test_a_host_copy_holds_what_was_sent_last_and_no_later_change() -> None:
    score, z = torch.tensor(1.0), torch.ones(2, 3)
    copy = AsyncHostCopy(Stream(CPU), z, score)
    assert float(copy.read()[1]) == 1.0
    score.fill_(2.0)
    z.mul_(4.0)
    assert float(copy.read()[1]) == 1.0
    copy.send(z, score)
    kept = copy.read(wait=True)
    z.zero_()
    copy.send(z, score)
    np.testing.assert_array_equal(kept[0], np.full((2, 3), 4.0))
    assert float(kept[1]) == 2.0


def test_no_copy_is_asynchronous_on_a_device_without_events() -> None:
    class CopyRecorder(TorchFunctionMode):
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if function is torch.Tensor.copy_:
                synchronous.append(not (kwargs or {}).get("non_blocking", False))
            return function(*args, **(kwargs or {}))

    synchronous: list[bool] = []
    generator = FakeGenerator()
    painter = CapturedPainter(lambda latents: generator.render(latents, 16), generator.sample(1, 1), Stream(CPU))
    with CopyRecorder():
        painter.paint(generator.sample(1, 2))
    assert len(synchronous) >= 4  # z and classes in, pixels and brightness out
    assert all(synchronous)


def test_a_painter_paints_what_the_generator_renders() -> None:
    generator = FakeGenerator()
    painter = CapturedPainter(lambda latents: generator.render(latents, 16), generator.sample(2, 1), Stream(CPU))
    painter.prepare()
    for seed in (2, 3):
        points = generator.sample(2, seed)
        painted = painter.paint(points)
        expected = [generator.paint(points[i : i + 1], 16).astype(int) for i in range(2)]
        assert np.abs(painted.pictures - np.stack(expected)).max() <= 1
        np.testing.assert_allclose(painted.brightest, painted.pictures.max(axis=(1, 2, 3)) / 255, atol=1 / 255)


def test_an_uploaded_array_can_be_used_by_work_of_the_stream() -> None:
    stream = Stream(CPU)
    uploaded = stream.put(np.arange(3, dtype=np.float32))
    with stream.work():
        assert (uploaded + 1.0).tolist() == [1.0, 2.0, 3.0]


def test_streams_can_be_nested_and_used_after_an_exception() -> None:
    stream, other = Stream(CPU), Stream(CPU)
    with pytest.raises(ValueError, match="failed"), stream.work():
        raise ValueError("failed")
    with stream.work(), other.work(), stream.work():
        done = torch.ones(1) + 1.0
    stream.finish()
    assert float(done) == 2.0


def test_the_fast_precision_of_a_cpu_is_one_that_it_has_instructions_for() -> None:
    capabilities = torch.cpu.get_capabilities()
    has_bfloat16 = bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    assert fast_precision(CPU) == (torch.bfloat16 if has_bfloat16 else torch.float32)
    assert fast_precision(torch.device("meta")) == torch.float32
