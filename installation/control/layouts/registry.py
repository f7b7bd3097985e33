"""The programs for which there are layouts: add a line for a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from installation.control.layouts import companion, max_msp, open_stage_control, qlab, touchdesigner, touchosc
from installation.control.layouts.widgets import Connection
from installation.core.errors import ShowError, suggest


@dataclass(frozen=True)
class LayoutFormat:
    """How a layout for one program is made."""

    suffix: str  # of its files
    make: Callable[[Connection], bytes]
    next_step: str  # what to do with the file


FORMATS: dict[str, LayoutFormat] = {
    "touchosc": LayoutFormat(".tosc", touchosc.layout, touchosc.NEXT_STEP),
    "open-stage-control": LayoutFormat(".json", open_stage_control.layout, open_stage_control.NEXT_STEP),
    "max": LayoutFormat(".maxpat", max_msp.layout, max_msp.NEXT_STEP),
    "companion": LayoutFormat(".companionconfig", companion.layout, companion.NEXT_STEP),
    "qlab": LayoutFormat(".applescript", qlab.layout, qlab.NEXT_STEP),
    "touchdesigner": LayoutFormat(".py", touchdesigner.layout, touchdesigner.NEXT_STEP),
}


def layout_format(name: str) -> LayoutFormat:
    """The format of that name. Raises ShowError with the closest match."""
    if name not in FORMATS:
        raise ShowError(f"There is no layout for '{name}'; {suggest(name, FORMATS)}")
    return FORMATS[name]
