"""The output sinks by kind: add a line for a new one."""

from __future__ import annotations

from installation.core.errors import ShowError, suggest
from installation.outputs import local_programs, mjpeg, ndi, png_sequence, recorder, rtsp, shared_memory, srt, webrtc
from installation.outputs.interface import OutputSpec

OUTPUTS: dict[str, OutputSpec] = {
    spec.kind: spec
    for spec in (
        recorder.SPEC,
        png_sequence.SPEC,
        mjpeg.SPEC,
        shared_memory.SPEC,
        ndi.SPEC,
        local_programs.SPOUT,
        local_programs.SYPHON,
        local_programs.CAMERA,
        srt.SPEC,
        rtsp.SPEC,
        webrtc.SPEC,
    )
}


def output_spec(kind: str) -> OutputSpec:
    """The spec of that kind. Raises ShowError with the closest match."""
    if kind not in OUTPUTS:
        raise ShowError(f"There is no output '{kind}'; {suggest(kind, OUTPUTS)}")
    return OUTPUTS[kind]
