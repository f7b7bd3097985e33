"""The frame rings of a show, and the table that keeps its screens in step, in one folder."""

from __future__ import annotations

from installation.core.frame_ring import FrameRing
from installation.core.lockstep import Lockstep
from installation.core.ring_folder import LOCKSTEP, SOUND_RING, remove_rings, ring_folder
from installation.outputs.interface import Source

SLOTS = 8  # of a frame ring
LARGEST_FRAME = 2160 * 3840 * 3  # bytes of a generated frame; the file is sparse, only what is used takes memory


class Rings:
    """What the processes of a show share.

    Attributes:
        generated: The frames of the renderer.
        stage: The presented frames.
        lockstep: The table of the screens.
    """

    def __init__(self, size: tuple[int, int], screens: int) -> None:
        """Create the files. `size`: width and height of the stage."""
        width, height = size
        self._folder = ring_folder(2 * SLOTS * width * height * 3)
        self.sound = self._folder.path / SOUND_RING  # created by the speech or the sound worker
        generated, stage = (self._folder.path / name for name in ("frames", "stage"))
        self.generated = FrameRing(generated, SLOTS, LARGEST_FRAME)
        self.stage = FrameRing(stage, SLOTS, width * height * 3, checked=False)
        self.lockstep = Lockstep(self._folder.path / LOCKSTEP, max(1, screens))

    def of(self, source: Source) -> FrameRing:
        """The ring with the frames of that source."""
        return self.stage if source == "stage" else self.generated

    def renew(self, source: Source) -> FrameRing | None:
        """Create a ring again if somebody has deleted its file; None if nobody has. Raises OSError."""
        ring = self.of(source)
        if not ring.lost:
            return None
        self._folder.restore()
        renewed = FrameRing(ring.path, ring.slots, ring.max_bytes, ring.checked)
        ring.close()
        if source == "stage":
            self.stage = renewed
            self.lockstep = Lockstep(self.lockstep.path, self.lockstep.screens)  # numbers begin anew
        else:
            self.generated = renewed
        return renewed

    def close(self) -> None:
        """Remove everything."""
        self.generated.close()
        self.stage.close()
        self.lockstep.close()
        remove_rings(self._folder)
