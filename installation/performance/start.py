"""From a plan to a running performance: the stage, the signals, the first words in the terminal."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from installation.performance.performance import Performance
from installation.performance.plan import Plan
from installation.stage.window import Stage
from installation.system import has_screen, name_process


def perform(plan: Plan, began: float) -> dict[str, Any]:
    """Plays the plan and returns the report. Raises ShowError for what the operator can mend before it begins.

    `began`: the moment of clock.now from which the report counts.
    """
    name_process("stage")
    headless = plan.headless or not has_screen()
    if headless and not plan.headless:
        print("There is no screen: the show runs headless and is recorded. Type words and press Enter.")
    stage = Stage.open(plan.show.look, plan.show.title, headless)
    performance = Performance(plan, stage, began)

    def leave(_number: int, _frame: FrameType | None) -> None:
        if performance.over:
            raise KeyboardInterrupt  # asked twice: whoever asks does not want to wait
        performance.over = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    report = performance.run()
    if performance.recording:
        print(f"The recording is {performance.recording}")
    return report
