"""The output `ndi`: the picture as an NDI source, for Resolume, TouchDesigner, OBS and video mixers in the network.

NDI's library is not part of Laterna: it comes with cyndilib, an extra, under its own terms (see the README).
"""

from __future__ import annotations

import platform
from fractions import Fraction
from pathlib import Path

from installation.core.clock import now as clock_now
from installation.outputs.interface import FrameFormat, OutputSpec, Picture
from installation.outputs.program_sink import FrameSender, ProgramSettings, ProgramSink, check_program

AVAHI = Path("/run/avahi-daemon/socket")
COUNT_SECONDS = 1.0  # between two counts of the receivers


def check(settings: ProgramSettings) -> None:
    """Raise ShowError for a setting that cannot work, or if cyndilib is missing."""
    check_program("ndi", settings, "cyndilib", "ndi")


class NdiSink(ProgramSink):
    """Sends the newest frame; NDI compresses it once for all receivers."""

    kind = "ndi"

    def open(self, frames: FrameFormat) -> None:
        """Announce the source."""
        super().open(frames)
        if platform.system() == "Linux" and not AVAHI.exists():
            self._notices.append("NDI is not announced in the network: apt install avahi-daemon.")

    def start(self, size: tuple[int, int], rate: float) -> FrameSender:
        """Open a sender."""
        return NdiSender(self._settings.name, size, rate)


class NdiSender:
    """An NDI source of one size.

    It is given YCbCr, as NDI transmits it: from RGB, NDI itself takes twice the time. The matrix is that of BT.709,
    which NDI's own receiver expects at every size.
    """

    def __init__(self, name: str, size: tuple[int, int], rate: float) -> None:
        from cyndilib.sender import Sender
        from cyndilib.video_frame import VideoSendFrame
        from cyndilib.wrapper import FourCC

        from installation.outputs.conversion import FrameConverter

        even = size[0] + size[0] % 2, size[1]  # two pixels share their colour
        self._converter = FrameConverter(even, "uyvy422")
        frame = VideoSendFrame()
        frame.set_resolution(*even)
        frame.set_frame_rate(Fraction(rate).limit_denominator(1001))
        frame.set_fourcc(FourCC.UYVY)
        self._sender = Sender(name, clock_video=False)  # the stage is the clock
        self._sender.set_video_frame(frame)
        self._sender.open()
        self._count_at = 0.0
        self.viewers = 0

    def send(self, frame: Picture) -> None:
        """Send a frame while NDI compresses the one before; waits if that takes longer."""
        self._sender.write_video_async(self._converter.packed(frame, 2))  # it copies them
        if clock_now() >= self._count_at:
            self._count_at = clock_now() + COUNT_SECONDS
            self.viewers = self._sender.get_num_connections(0)

    def close(self) -> None:
        """Take the source out of the network."""
        self._sender.close()


SPEC = OutputSpec("ndi", "the picture as an NDI source in the network", ProgramSettings, NdiSink, check=check)
