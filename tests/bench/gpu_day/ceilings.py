"""Versions, and the peak speed of the device."""

from __future__ import annotations

import platform
from importlib.util import find_spec

import numpy as np
import torch

from installation.bench.roofline import measure_limit
from installation.models.cuda_graphs import fast_precision
from tests.bench.gpu_day.stages import Day


def measure_ceilings(day: Day) -> None:
    """Report the versions, then matrix products and copies for each precision that the models use."""
    day.report("versions", versions(day))
    limit = measure_limit(day.device, torch.float32, fast_precision(torch.device(day.device)))
    day.report("limit", limit.row())


def versions(day: Day) -> dict[str, str | int | None]:
    """What the figures belong to."""
    facts: dict[str, str | int | None] = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "threads": torch.get_num_threads(),
        "generator": day.generator,
        "perceptor": day.perceptor,
        "quick": str(day.quick).lower(),
        "triton": "there" if find_spec("triton") else None,
        "device": day.device,
    }
    if day.on_cuda:
        facts |= {
            "gpu": torch.cuda.get_device_name(day.device),
            "memory_mb": torch.cuda.get_device_properties(day.device).total_memory >> 20,
            "cuda": torch.version.cuda,
            "cudnn": torch.backends.cudnn.version(),  # type: ignore[no-untyped-call]
        }
    return facts
