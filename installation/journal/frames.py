"""Records of frames in a journal, as differences from the frame before: most lines of a journal are frames.

A record is an array: the time, the packed numbers that no frame shares with another (base64, little-endian), the steps,
the pieces and, if any other field is not as expected, an object with those fields. The numbers are `show_at` (float64)
and `crc` (uint32), followed by `score` and `change` (float64) unless both are those of the frame before. `sequence` and
`slot` are expected to grow by one. The first frame of a file is a message like any other.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import struct

from installation.core.messages import FrameReady
from installation.journal.codec import decode, encode

PRESENTED = struct.Struct("<dI")  # show_at, crc
CARRIED = ("take", "prompt_id", "direction", "cutouts", "modulation", "searching")  # from the frame before
SCORES = struct.Struct("<dd")  # score, change


class FrameEncoder:
    """Encodes the frames of one file in order."""

    def __init__(self) -> None:
        self._previous: FrameReady | None = None

    def encode(self, frame: FrameReady, t: float) -> object:
        """Return the record of a frame that main took at `t` seconds."""
        previous, self._previous = self._previous, frame
        whole = {"t": t, **encode(frame)}
        if previous is None:
            return whole
        try:
            packed = PRESENTED.pack(frame.show_at, frame.crc)
        except struct.error:  # not the numbers of a real frame
            return whole
        scores = SCORES.pack(frame.score, frame.change)
        if scores != SCORES.pack(previous.score, previous.change):
            packed += scores
        expected = _expected(previous, frame)
        changed = {name: whole[name] for name, value in vars(frame).items() if value != getattr(expected, name)}
        text = base64.b64encode(packed).decode()
        return [t, text, whole["steps"], whole["pieces"], *([changed] if changed else [])]


class FrameDecoder:
    """Decodes the frames of one file in order."""

    def __init__(self) -> None:
        self._previous: FrameReady | None = None

    def note(self, frame: FrameReady) -> None:
        """Continue from a frame that was written as a message."""
        self._previous = frame

    def decode(self, record: list[object]) -> FrameReady:
        """Restore a frame. Raises ValueError if the record is damaged."""
        if self._previous is None:
            raise ValueError("there is no frame before it")
        try:
            _, text, steps, pieces, *rest = record
            packed = base64.b64decode(str(text), validate=True)
            show_at, crc = PRESENTED.unpack_from(packed)
            scores = packed[PRESENTED.size :]
            score, change = SCORES.unpack(scores) if scores else (self._previous.score, self._previous.change)
        except (binascii.Error, struct.error) as error:
            raise ValueError(f"a frame is damaged: {error}") from None
        if rest and not (len(rest) == 1 and isinstance(rest[0], dict)):
            raise ValueError("a frame is damaged: it has too many fields")
        fields = {**vars(self._previous), "show_at": show_at, "crc": crc, "score": score, "change": change}
        fields |= {"slot": self._previous.slot + 1, "sequence": self._previous.sequence + 1}
        fields |= {"steps": steps, "pieces": pieces, **(rest[0] if rest and isinstance(rest[0], dict) else {})}
        frame = decode({**fields, "is": FrameReady.__name__})
        assert isinstance(frame, FrameReady)
        self._previous = frame
        return frame


def _expected(previous: FrameReady, frame: FrameReady) -> FrameReady:
    """The frame as a decoder restores it without an object of changed fields."""
    return dataclasses.replace(
        frame,
        **{name: getattr(previous, name) for name in CARRIED},
        slot=previous.slot + 1,
        sequence=previous.sequence + 1,
    )
