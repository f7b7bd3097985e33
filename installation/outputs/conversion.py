"""Turns RGB pictures of any size into the frames of an encoder, BT.709."""

from __future__ import annotations

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray


class FrameConverter:
    """Fits pictures into one size, with black bars, and converts them to one pixel format."""

    def __init__(self, size: tuple[int, int], pixels: str = "yuv420p") -> None:
        """`size`: width and height; `pixels`: FFmpeg's name of the format."""
        self.size, self._pixels = size, pixels
        self._convert = VideoReformatter()

    def convert(self, picture: NDArray[np.uint8]) -> av.VideoFrame:
        """The frame of an 8-bit RGB picture [height, width, 3]."""
        source = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(self.fit(picture)), format="rgb24")
        return self._convert.reformat(
            source, format=self._pixels, dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG, threads=1
        )

    def packed(self, picture: NDArray[np.uint8], pixel_bytes: int) -> NDArray[np.uint8]:
        """The bytes of such a frame of one plane, without what pads its rows: [n]."""
        frame = self.convert(picture)
        (plane,) = frame.planes
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(frame.height, plane.line_size)
        return np.ascontiguousarray(rows[:, : frame.width * pixel_bytes]).reshape(-1)

    def fit(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture itself if it has the size, else scaled into the middle of a black one."""
        width, height = self.size
        if picture.shape[:2] == (height, width):
            return picture
        scale = min(width / picture.shape[1], height / picture.shape[0])
        inner = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
        source = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(picture), format="rgb24")
        scaled = self._convert.reformat(
            source, width=inner[0], height=inner[1], interpolation=Interpolation.BICUBIC, threads=1
        )
        canvas = np.zeros((height, width, 3), np.uint8)
        left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
        canvas[top : top + inner[1], left : left + inner[0]] = scaled.to_ndarray()
        return canvas
