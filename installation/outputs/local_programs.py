"""The outputs `spout` (Windows), `syphon` (macOS) and `camera`: the picture for programs on this machine.

Their libraries are extras, which exist only where they work; elsewhere the operator reads one sentence.
"""

from __future__ import annotations

import platform
from typing import Any

from installation.core.errors import ShowError
from installation.outputs.interface import OutputSpec, Picture
from installation.outputs.program_sink import FrameSender, ProgramSettings, ProgramSink, Rgba, check_program

GL_RGBA = 0x1908
V4L2LOOPBACK = "apt install v4l2loopback-dkms, then modprobe v4l2loopback card_label=Laterna exclusive_caps=1"
ELSEWHERE = "use 'ndi' or 'shared-memory' here"


def check_spout(settings: ProgramSettings) -> None:
    """Raise ShowError on anything but Windows, or if SpoutGL is missing."""
    if platform.system() != "Windows":
        raise ShowError(f"Spout needs Windows; {ELSEWHERE}.")
    check_program("spout", settings, "SpoutGL", "spout")


def check_syphon(settings: ProgramSettings) -> None:
    """Raise ShowError on anything but macOS, or if syphon-python is missing."""
    if platform.system() != "Darwin":
        raise ShowError(f"Syphon needs macOS; {ELSEWHERE}.")
    check_program("syphon", settings, "syphon", "syphon")


def check_camera(settings: ProgramSettings) -> None:
    """Raise ShowError if pyvirtualcam is missing. Whether there is a device is found out when it is opened."""
    check_program("camera", settings, "pyvirtualcam", "camera")


class SpoutSender:
    """A Spout sender; the picture goes to the graphics card, where other programs share it."""

    viewers = 0

    def __init__(self, name: str, size: tuple[int, int]) -> None:
        import SpoutGL

        self._name, self._size, self._buffer = name, size, Rgba(size)
        self._sender: Any = SpoutGL.SpoutSender()
        self._sender.setSenderName(name)

    def send(self, frame: Picture) -> None:
        """Share a frame. Raises ShowError if the graphics card refuses."""
        pixels = self._buffer.fill(frame).tobytes()
        if not self._sender.sendImage(pixels, *self._size, GL_RGBA, False, 0):
            raise ShowError("Spout cannot share the picture: it needs a graphics card with OpenGL and DirectX 11.")
        self._sender.setFrameSync(self._name)

    def close(self) -> None:
        """Take the sender off the list of senders."""
        self._sender.releaseSender()


class SyphonSender:
    """A Syphon server with one Metal texture."""

    viewers = 0

    def __init__(self, name: str, size: tuple[int, int]) -> None:
        import syphon
        from syphon.utils.numpy import copy_image_to_mtl_texture
        from syphon.utils.raw import create_mtl_texture

        self._copy, self._buffer = copy_image_to_mtl_texture, Rgba(size)
        self._server: Any = syphon.SyphonMetalServer(name)
        self._texture: Any = create_mtl_texture(self._server.device, *size)

    def send(self, frame: Picture) -> None:
        """Publish a frame."""
        self._copy(self._buffer.fill(frame), self._texture)
        self._server.publish_frame_texture(self._texture)
        self.viewers = int(self._server.has_clients)

    def close(self) -> None:
        """Stop the server."""
        self._server.stop()


class CameraSender:
    """A camera of v4l2loopback (Linux) or of OBS (Windows, macOS)."""

    viewers = 0

    def __init__(self, size: tuple[int, int], rate: float) -> None:
        import pyvirtualcam

        try:
            self._camera: Any = pyvirtualcam.Camera(*size, rate, fmt=pyvirtualcam.PixelFormat.RGB)
        except RuntimeError as error:
            reason = str(error).partition("\n")[0].partition(": ")[2] or str(error)
            needed = V4L2LOOPBACK if platform.system() == "Linux" else "install OBS and start its virtual camera once"
            raise ShowError(f"There is no virtual camera ({reason.rstrip('.')}): {needed}.") from None
        self.device = str(self._camera.device)

    def send(self, frame: Picture) -> None:
        """Show a frame to whoever uses the camera."""
        self._camera.send(frame)

    def close(self) -> None:
        """Release the device."""
        self._camera.close()


class SpoutSink(ProgramSink):
    """Shares the newest frame by Spout."""

    kind = "spout"

    def start(self, size: tuple[int, int], rate: float) -> FrameSender:
        """Open a sender."""
        del rate
        return SpoutSender(self._settings.name, size)


class SyphonSink(ProgramSink):
    """Shares the newest frame by Syphon."""

    kind = "syphon"

    def start(self, size: tuple[int, int], rate: float) -> FrameSender:
        """Open a server."""
        del rate
        return SyphonSender(self._settings.name, size)


class CameraSink(ProgramSink):
    """Shows the newest frame as a camera."""

    kind = "camera"

    def start(self, size: tuple[int, int], rate: float) -> FrameSender:
        """Open the device."""
        sender = CameraSender(size, rate)
        self._target = sender.device
        return sender


SPOUT = OutputSpec(
    "spout", "the picture for programs on this machine (Windows)", ProgramSettings, SpoutSink, check=check_spout
)
SYPHON = OutputSpec(
    "syphon", "the picture for programs on this machine (macOS)", ProgramSettings, SyphonSink, check=check_syphon
)
CAMERA = OutputSpec(
    "camera", "the picture as a camera, for OBS, Zoom and browsers", ProgramSettings, CameraSink, check=check_camera
)
