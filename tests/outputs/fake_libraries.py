"""Stand-ins for libraries of Windows, of macOS, and of a kernel module: they keep what they are given."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


class FakeLibraries:
    """What the libraries were given, and what they were asked to do."""

    def __init__(self) -> None:
        self.frames: list[NDArray[np.uint8]] = []
        self.calls: list[str] = []
        self.refuses = False

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Put them in place of the real ones."""
        metal = {"create_mtl_texture": self._texture}
        numpy = {"copy_image_to_mtl_texture": lambda data, _texture: self.frames.append(data.copy())}
        content: dict[str, dict[str, Any]] = {
            "SpoutGL": {"SpoutSender": lambda: _FakeSpout(self)},
            "syphon": {"SyphonMetalServer": lambda name: _FakeSyphon(self, name)},
            "syphon.utils": {},
            "syphon.utils.raw": metal,
            "syphon.utils.numpy": numpy,
            "pyvirtualcam": {"Camera": self._camera, "PixelFormat": SimpleNamespace(RGB="rgb")},
        }
        for name, attributes in content.items():
            module = ModuleType(name)
            module.__spec__ = ModuleSpec(name, None)
            vars(module).update(attributes)
            patch.setitem(sys.modules, name, module)

    def _texture(self, device: str, width: int, height: int) -> str:
        self.calls.append(f"texture {width} x {height} on {device}")
        return "texture"

    def _camera(self, width: int, height: int, rate: float, fmt: str) -> Any:
        if self.refuses:
            raise RuntimeError("'v4l2loopback' backend: No v4l2 loopback device found.\nDid you run modprobe?")
        self.calls.append(f"camera {width} x {height} at {rate:g} in {fmt}")
        return SimpleNamespace(
            device="/dev/video7",
            send=lambda frame: self.frames.append(frame.copy()),
            close=lambda: self.calls.append("closed"),
        )


class _FakeSpout:
    def __init__(self, library: FakeLibraries) -> None:
        self._library = library

    def setSenderName(self, name: str) -> None:
        self._library.calls.append(f"sender {name}")

    def sendImage(self, data: bytes, width: int, height: int, kind: int, invert: bool, host: int) -> bool:
        assert (kind, invert, host) == (0x1908, False, 0)
        self._library.frames.append(np.frombuffer(data, np.uint8).reshape(height, width, 4))
        return not self._library.refuses

    def setFrameSync(self, name: str) -> None:
        pass

    def releaseSender(self) -> None:
        self._library.calls.append("closed")


class _FakeSyphon:
    device = "card"
    has_clients = True

    def __init__(self, library: FakeLibraries, name: str) -> None:
        self._library = library
        library.calls.append(f"server {name}")

    def publish_frame_texture(self, texture: str) -> None:
        assert texture == "texture"

    def stop(self) -> None:
        self._library.calls.append("closed")
