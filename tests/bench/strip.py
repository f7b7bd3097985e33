"""The pictures of the README: `python -m tests.bench.strip` plays prompts on a simulated clock.

The animated strip is a film of three prompts; the sheet shows twelve. Renderer and stage are those of a show, with the
embedded models; the clock is simulated, so that the pictures do not depend on the speed of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from installation.core.messages import Direction, Prompt
from installation.render.interfaces import RendererConfig
from installation.render.loading import load_dream_factory, load_generator, resolve_models
from installation.render.renderer import Renderer
from installation.show.settings import DreamSettings, LookSettings, ModelSettings
from installation.stage.crossfade import GeneratedFrame
from installation.stage.stage import Stage
from tests.running import ROOT

FOLDER = ROOT / "assets" / "readme"
SIZE, THUMB = (640, 360), (400, 225)
STRIP = ("a red sun over the sea", "the city burns behind me", "a white horse stands in the fog")
SHEET = (
    *("a red sun over the sea", "a wolf in the snow at night", "the city burns behind me"),
    *("a white horse by the lake at dawn", "one white ship is leaving without a sound"),
    *("under the aurora a tent and a dog", "the lighthouse in the storm", "my childhood was a field of flowers"),
    *("a blue door in the forest", "crows over the graveyard at dusk", "lanterns rise over the village", "hope"),
)
COLUMNS = 4
RATE, STEPS_PER_FRAME = 12, 2
SECONDS = 5.0  # per prompt
FADE_SECONDS = 1.5
SEED = 11


def played(prompts: Sequence[str]) -> Iterator[Image.Image]:
    """Every frame of a show of these prompts, five seconds each."""
    stage = Stage.open(LookSettings(size=SIZE), "README", headless=True)
    models = ModelSettings(generator="theatre", perceptor="clip-embedded", device="cpu", height=SIZE[1])
    look = LookSettings()
    config = RendererConfig(
        *(models, DreamSettings(), Path(), SIZE, RATE, SEED, Direction(1)),
        camera=look.camera,
        transitions=look.transitions,
    )
    config = resolve_models(config)
    generator = load_generator(config)
    renderer = Renderer(config, generator, load_dream_factory(config, generator))
    direction, now = config.direction, 100.0
    for number, text in enumerate(prompts, 1):
        direction = replace(direction, prompts=(Prompt(number, text),), fade_seconds=FADE_SECONDS, number=number)
        renderer.direct(direction)
        stage.set_caption(text, now)
        for _ in range(round(SECONDS * RATE)):
            frame = renderer.draw(now)
            generated = GeneratedFrame(frame.picture, frame.take, frame.prompt_id, frame.change)
            stage.show_frame(generated, direction.fade_seconds, now)
            for _ in range(STEPS_PER_FRAME):
                renderer.work()
            stage.present(now)
            yield Image.fromarray(stage.capture())
            now += 1.0 / RATE


def write_strip(path: Path) -> None:
    """Write the film; it ends where it begins."""
    fade = round(FADE_SECONDS * RATE)
    frames = list(played((*STRIP, STRIP[0])))[fade : round(len(STRIP) * SECONDS * RATE) + fade]
    first, *rest = frames
    first.save(
        path,
        save_all=True,
        append_images=rest,
        duration=round(1000 / RATE),
        loop=0,
        quality=30,
        method=6,
        kmin=0,
        kmax=1,  # each frame is one of its own: without blocks while a picture fades
    )


def write_sheet(path: Path) -> None:
    """Write the last frame of each prompt on one sheet."""
    frames = list(played(SHEET))[round(SECONDS * RATE) - 1 :: round(SECONDS * RATE)]
    sheet = Image.new("RGB", (COLUMNS * THUMB[0], len(SHEET) // COLUMNS * THUMB[1]))
    for place, frame in enumerate(frames):
        row, column = divmod(place, COLUMNS)
        sheet.paste(frame.resize(THUMB, Image.Resampling.LANCZOS), (column * THUMB[0], row * THUMB[1]))
    sheet.save(path, quality=88)


def main() -> None:
    """Write both."""
    for write, name in ((write_sheet, "lines.jpg"), (write_strip, "strip.webp")):
        path = FOLDER / name
        write(path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
