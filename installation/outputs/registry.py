"""The output sinks by kind: add a line for a new one."""

from __future__ import annotations

from installation.core.errors import ShowError, suggest
from installation.outputs import mjpeg, recorder, rtsp, shared_memory, srt
from installation.outputs.interface import OutputSpec

OUTPUTS: dict[str, OutputSpec] = {
    spec.kind: spec for spec in (recorder.SPEC, mjpeg.SPEC, rtsp.SPEC, shared_memory.SPEC, srt.SPEC)
}


def output_spec(kind: str) -> OutputSpec:
    """The spec of that kind. Raises ShowError with the closest match."""
    if kind not in OUTPUTS:
        raise ShowError(f"There is no output '{kind}'; {suggest(kind, OUTPUTS)}")
    return OUTPUTS[kind]
