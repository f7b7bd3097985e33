"""Plays the stage's scenes in a real window and keeps a still of each: `python -m tests.stage.scenes PAINTER FOLDER`.

A program of its own, so that the state of pygame's display never meets that of other tests.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import moderngl
import numpy as np
import pygame
from numpy.typing import NDArray

from installation.core.messages import SetParam, Trigger
from installation.show.settings import LookSettings
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.crossfade import CrossfadeView
from installation.stage.image_files import write_picture
from installation.stage.sprite import Sprite
from installation.stage.stage import Stage

SIZE = (640, 360)


def landscape(height: int = 96, width: int = 170) -> NDArray[np.uint8]:
    """A dusk with a sun over dark hills, drawn four times as fine and averaged."""
    y, x = np.mgrid[0 : 4 * height, 0 : 4 * width] / (4 * height)
    sky = np.stack([90 + 130 * y, 60 + 90 * y, 120 + 20 * y], axis=-1)
    sky[(x - 1.1) ** 2 + (y - 0.35) ** 2 < 0.02] = (255, 240, 200)
    sky[y > 0.75 + 0.1 * np.sin(4 * x)] = (20, 15, 30)
    coarse = np.clip(sky.reshape(height, 4, width, 4, 3).mean(axis=(1, 3)), 0, 255)
    return np.asarray(coarse, np.uint8)


class LostCard(CpuCompositor):
    """A painter whose graphics card is lost in the middle of a frame."""

    def paint(self, view: CrossfadeView | None, sprites: Sequence[Sprite]) -> None:
        super().paint(view, sprites)
        raise moderngl.Error("the card is gone")


class Scenes:
    """A stage, a clock that only this program moves, and the folder of its stills."""

    def __init__(self, painter: str, folder: Path) -> None:
        look = LookSettings(size=SIZE, opengl=painter == "opengl")
        self.stage = Stage.open(look, "Scenes", emulated=True, push_to_talk=True)
        self.folder = folder
        self.now = 0.0

    def pass_time(self, seconds: float) -> list[object]:
        wishes: list[object] = []
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            wishes += self.stage.events(self.now)
            self.stage.present(self.now)
        return wishes

    def keep(self, name: str) -> None:
        write_picture(self.folder / f"{name}.png", self.stage.capture())

    def keep_still(self, name: str) -> None:
        self.stage.save_still(self.folder / f"{name}.png")

    def press(self, key: int, mod: int = 0) -> None:
        for kind in (pygame.KEYDOWN, pygame.KEYUP):
            pygame.event.post(pygame.event.Event(kind, key=key, mod=mod, unicode=""))

    def paste(self, text: str) -> str:
        pygame.scrap.put_text(text)
        self.press(pygame.K_v, pygame.KMOD_CTRL)
        self.press(pygame.K_RETURN)
        said = [wish for wish in self.pass_time(0.1) if isinstance(wish, Trigger)]
        return str(said[0].args[0]) if said else ""

    def play(self) -> dict[str, object]:
        stage = self.stage
        stage.show_picture(landscape(), 0, 0, 0.0, self.now)
        self.pass_time(2)
        self.keep("picture")
        stage.invite("Type words and press Enter.")
        self.pass_time(2)
        self.keep("attract")
        said = self.type_by_hand("a red sun")
        talked = self.hold_by_hand("F3")
        self.pass_time(1.5)
        stage.caption("a red sun over the sea", self.now)
        self.pass_time(2)
        self.keep("caption")
        stage.status(["renderer: running", "desk: running"])
        self.press(pygame.K_F1)
        self.pass_time(1)
        self.keep("help")
        self.keep_still("help_still")
        self.keep("help_after_still")
        self.press(pygame.K_F1)
        self.pass_time(1)
        self.press(pygame.K_F8)
        blackout = [wish for wish in self.pass_time(0.1) if isinstance(wish, SetParam)]
        stage.set("blackout", True, 0.0, self.now)
        self.pass_time(0.1)
        self.keep("blackout")
        read = np.ones((SIZE[1], SIZE[0], 3), np.uint8)
        stage.read_into(read)
        stage.set("blackout", False, 0.0, self.now)
        self.pass_time(1)
        for _ in range(2):
            stage.read_into(read)
        seen = float(np.abs(read.astype(int) - stage.capture()).mean())
        smaller = np.zeros((90, 160, 3), np.uint8)
        stage.read_into(smaller)
        resized = self.resize()
        pasted = self.paste("a wolf\nin the snow")
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        closing = [type(wish).__name__ for wish in self.pass_time(0.1)]
        painter, notices = stage.painter, list(stage.notices)
        stage._painter = LostCard(stage.size, "fill", 0.3, window=False)
        self.pass_time(0.5)
        self.keep("after_loss")
        return {
            "painter": painter,
            "painter_after_loss": stage.painter,
            "notices": notices,
            "said": said,
            "talked": talked,
            "blackout": [[wish.name, wish.value] for wish in blackout],
            "read_difference": seen,
            "smaller_mean": float(smaller.mean()),
            "mean": float(read.mean()),
            "resized": resized,
            "pasted": pasted,
            "closing": closing,
        }

    def type_by_hand(self, words: str) -> str:
        """Through the X server, as a person would; a still is kept while the words stand in the line."""
        self.x("mousemove", "100", "100", "windowfocus", self.window())
        self.x("type", "--delay", "5", words)
        self.wait(lambda _: False, 0.5)
        self.pass_time(2)  # the invitation gives way
        self.keep("typing")
        self.keep_still("typing_still")
        self.x("key", "Return")
        found = self.wait(lambda wish: isinstance(wish, Trigger) and wish.name == "prompt", 5)
        return str(found.args[0]) if isinstance(found, Trigger) else ""

    def hold_by_hand(self, key: str) -> list[bool]:
        """Down for a while, in which the X server repeats it, then up again: what the microphone is told."""
        self.x("mousemove", "100", "100", "windowfocus", self.window(), "keydown", key)
        told: list[bool] = []

        def talks(wish: object) -> bool:
            if isinstance(wish, SetParam) and wish.name == "speech/talk":
                told.append(bool(wish.value))
            return told[-1:] == [False]

        self.wait(talks, 1.0)
        self.x("keyup", key)
        self.wait(talks, 5)
        return told

    def resize(self) -> list[int]:
        self.x("windowsize", self.window(), "500", "400")
        self.wait(lambda _: self.stage.size == (500, 400), 3)
        self.keep("resized")
        return list(self.stage.size)

    def wait(self, enough: object, seconds: float) -> object:
        """Real time, since another process acts: until a wish (or None, each turn) is enough."""
        assert callable(enough)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for wish in [*self.pass_time(0.1), None]:
                if enough(wish):
                    return wish
            time.sleep(0.01)
        return None

    def window(self) -> str:
        return str(pygame.display.get_wm_info()["window"])

    def x(self, *command: str) -> str:
        return subprocess.run(["xdotool", *command], check=True, capture_output=True, text=True, timeout=10).stdout


if __name__ == "__main__":
    scenes = Scenes(sys.argv[1], Path(sys.argv[2]))
    result = scenes.play()
    scenes.stage.close()
    (Path(sys.argv[2]) / "result.json").write_text(json.dumps(result))
