"""Plays scenes in a real window and keeps a picture of each: `python -m tests.stage.scenes COMPOSITOR FOLDER`.

It runs as a program of its own, as a show does, and is typed at through the X server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import moderngl
import numpy as np
import pygame

from installation.core.messages import SetParam, Trigger
from installation.show.settings import LookSettings
from installation.stage.compositor import Sprite
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.crossfade import CrossfadeView, GeneratedFrame
from installation.stage.keyboard import StageEvent
from installation.stage.picture import write_picture
from installation.stage.stage import Stage
from tests.stage.pictures import grey, landscape

SIZE = (640, 360)


class LostCompositor(CpuCompositor):
    """A compositor whose graphics card fails while it draws."""

    def draw(self, view: CrossfadeView | None, sprites: Sequence[Sprite], marks: Sequence[Sprite] = ()) -> None:
        super().draw(view, sprites, marks)
        raise moderngl.Error("the card is gone")


class Scenes:
    """A stage, a clock that only this program moves, and the folder of the pictures."""

    def __init__(self, compositor: str, folder: Path) -> None:
        look = LookSettings(size=SIZE, opengl=compositor == "opengl")
        self.stage = Stage.open(look, "Scenes", push_to_talk=True, allow_software=True)
        self.folder = folder
        self.now = 0.0

    def advance(self, seconds: float) -> list[StageEvent]:
        events: list[StageEvent] = []
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            events += self.stage.events(self.now)
            self.stage.present(self.now)
        return events

    def keep(self, name: str) -> None:
        write_picture(self.folder / f"{name}.png", self.stage.capture())

    def keep_still(self, name: str) -> None:
        self.stage.save_still(self.folder / f"{name}.png")

    def press(self, key: int, mod: int = 0) -> None:
        for kind in (pygame.KEYDOWN, pygame.KEYUP):
            pygame.event.post(pygame.event.Event(kind, key=key, mod=mod, unicode=""))

    def play(self) -> dict[str, object]:
        self.play_words()
        typed = self.type_words("a red sun")
        talk = self.hold_key("F3")
        self.advance(1.5)
        self.play_caption_and_help()
        return {
            "typed": typed,
            "talk": talk,
            **self.play_blackout(),
            "resized": self.resize(),
            "pasted": self.paste("a wolf\nin the snow"),
            "closing": self.close_window(),
            **self.lose_compositor(),
        }

    def play_words(self) -> None:
        self.stage.show_frame(GeneratedFrame(landscape()), 0.0, self.now)
        self.advance(2)
        self.keep("picture")
        self.stage.set_invitation("Type words and press Enter.")
        self.advance(2)
        self.keep("invitation")

    def play_caption_and_help(self) -> None:
        self.stage.set_caption("a red sun over the sea", self.now)
        self.advance(2)
        self.keep("caption")
        self.stage.set_status(["renderer: running", "control: running"])
        self.press(pygame.K_F1)
        self.advance(1)
        self.keep("help")
        self.keep_still("help_still")
        self.keep("help_after_still")
        self.press(pygame.K_F1)
        self.advance(1)

    def play_blackout(self) -> dict[str, object]:
        self.press(pygame.K_F8)
        requests = [event for event in self.advance(0.1) if isinstance(event, SetParam)]
        self.stage.set_parameter("blackout", True, 0.0, self.now)
        self.advance(0.1)
        self.keep("blackout")
        copy, small_copy = grey(1, SIZE[1], SIZE[0]), grey(0, 90, 160)
        self.stage.read_into(copy)
        self.stage.set_parameter("blackout", False, 0.0, self.now)
        self.advance(1)
        for _ in range(2):
            self.stage.read_into(copy)
        self.stage.read_into(small_copy)
        return {
            "blackout": [[request.name, request.value] for request in requests],
            "copy_difference": float(np.abs(copy.astype(int) - self.stage.capture()).mean()),
            "copy_mean": float(copy.mean()),
            "small_copy_mean": float(small_copy.mean()),
        }

    def paste(self, text: str) -> str:
        pygame.scrap.put_text(text)
        self.press(pygame.K_v, pygame.KMOD_CTRL)
        self.press(pygame.K_RETURN)
        prompts = [event for event in self.advance(0.1) if isinstance(event, Trigger)]
        return str(prompts[0].args[0]) if prompts else ""

    def close_window(self) -> list[str]:
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        return [type(event).__name__ for event in self.advance(0.1)]

    def lose_compositor(self) -> dict[str, object]:
        display = self.stage.display
        before = {"compositor": display.compositor.name, "notices": list(display.notices)}
        display.compositor = LostCompositor(self.stage.size, "fill", 0.3, windowed=False)
        self.advance(0.5)
        self.keep("after_loss")
        return {**before, "compositor_after_loss": display.compositor.name}

    def type_words(self, words: str) -> str:
        """Types through the X server, as a person would; keeps a picture before Enter."""
        self.xdotool("mousemove", "100", "100", "windowfocus", self.window())
        self.xdotool("type", "--delay", "5", words)
        self.wait_for(lambda _: self.stage._keyboard.text_input.text == words, 5)
        self.advance(2)  # until the invitation is gone
        self.keep("typing")
        self.keep_still("typing_still")
        self.xdotool("key", "Return")
        found = self.wait_for(lambda event: isinstance(event, Trigger) and event.name == "prompt", 5)
        return str(found.args[0]) if isinstance(found, Trigger) else ""

    def hold_key(self, key: str) -> list[bool]:
        """Holds a key until the X server repeats it; returns the values that `speech/talk` was set to."""
        talk: list[bool] = []

        def released(event: StageEvent | None) -> bool:
            if isinstance(event, SetParam) and event.name == "speech/talk":
                talk.append(bool(event.value))
            return talk[-1:] == [False]

        self.xdotool("mousemove", "100", "100", "windowfocus", self.window(), "keydown", key)
        self.wait_for(released, 1.0)
        self.xdotool("keyup", key)
        self.wait_for(released, 5)
        return talk

    def resize(self) -> list[int]:
        self.xdotool("windowsize", self.window(), "500", "400")
        self.wait_for(lambda _: self.stage.size == (500, 400), 3)
        self.keep("resized")
        return list(self.stage.size)

    def wait_for(self, condition: Callable[[StageEvent | None], bool], seconds: float) -> StageEvent | None:
        """Waits in real time, since another process acts; checks each event, and None in each turn."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for event in [*self.advance(0.1), None]:
                if condition(event):
                    return event
            time.sleep(0.01)
        return None

    def window(self) -> str:
        return str(pygame.display.get_wm_info()["window"])

    def xdotool(self, *command: str) -> None:
        subprocess.run(["xdotool", *command], check=True, capture_output=True, timeout=10)


if __name__ == "__main__":
    scenes = Scenes(sys.argv[1], Path(sys.argv[2]))
    result = scenes.play()
    scenes.stage.close()
    (Path(sys.argv[2]) / "result.json").write_text(json.dumps(result))
