"""Where the time goes: the operations and kernels of a frame and of a step."""

from __future__ import annotations

from typing import Any

from torch.profiler import ProfilerActivity, profile

from installation.bench.timing import Work, synchronise
from tests.bench.gpu_day.stages import Day
from tests.bench.gpu_day.workplace import pair_of

ROWS = 25
CALLS, QUICK_CALLS = 5, 1
CUTOUTS, QUICK_CUTOUTS = 32, 2


def list_kernels(day: Day) -> None:
    """Report what takes the most time of the device, without graphs, in which kernels have no names of operations."""
    pair = pair_of(day)
    step = pair.optimisation_step(QUICK_CUTOUTS if day.quick else CUTOUTS, captured=False)
    for name, work in (("frame", pair.render), ("step", step)):
        day.report(name, table(day, work))


def table(day: Day, work: Work) -> dict[str, Any]:
    """The heaviest rows: name, calls, milliseconds and share, for one call of the work."""
    calls = QUICK_CALLS if day.quick else CALLS
    work()
    synchronise(day.device)
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if day.on_cuda else [])]
    with profile(activities=activities) as profiler:
        for _ in range(calls):
            work()
        synchronise(day.device)
    times = {row.key: (own_time(day, row) / 1000.0 / calls, row.count / calls) for row in profiler.key_averages()}
    total = sum(milliseconds for milliseconds, _ in times.values())
    heaviest = sorted(times.items(), key=lambda item: -item[1][0])[:ROWS]
    rows = [
        {"name": name[:120], "calls": count, "ms": round(spent, 4), "share": round(spent / total, 4)}
        for name, (spent, count) in heaviest
        if spent > 0.0
    ]
    return {"total_ms": round(total, 3), "rows": rows}


def own_time(day: Day, row: Any) -> float:
    """Microseconds of a row without what it calls: those of kernels on CUDA, those of operations elsewhere.

    On CUDA an operation has the time of its kernels too; only the kernels' own rows are counted.
    """
    if not day.on_cuda:
        return float(row.self_cpu_time_total)
    return float(row.self_device_time_total) if str(row.device_type).endswith("CUDA") else 0.0
