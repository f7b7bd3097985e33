"""The animated strip of the README: `python -m tests.bench.strip` plays three prompts on a simulated clock.

Renderer and stage are those of a show, with the embedded models; the clock is simulated, so that the film does not
depend on the speed of the machine.
"""

from __future__ import annotations

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

TARGET = ROOT / "assets" / "readme" / "strip.webp"
SIZE = (640, 360)
PROMPTS = ("a red sun over the sea", "the city burns behind me", "a white horse stands in the fog")
RATE, STEPS_PER_FRAME = 12, 2
SECONDS = 4.0  # per prompt
SEED = 11


def film() -> list[Image.Image]:
    """The frames of the strip."""
    look = LookSettings(size=SIZE)
    stage = Stage.open(look, "strip", headless=True)
    models = ModelSettings(generator="theatre", perceptor="clip-embedded", device="cpu", height=SIZE[1])
    config = RendererConfig(models, DreamSettings(), Path(), SIZE, RATE, SEED, Direction(1))
    config = resolve_models(config)
    generator = load_generator(config)
    renderer = Renderer(config, generator, load_dream_factory(config, generator))
    frames: list[Image.Image] = []
    direction, now = config.direction, 100.0
    for number, text in enumerate((*PROMPTS, PROMPTS[0]), 1):  # ends where it begins
        direction = replace(direction, prompts=(Prompt(number, text),), fade_seconds=1.5, number=number)
        renderer.direct(direction)
        stage.set_caption(text, now)
        for _ in range(round((SECONDS if number <= len(PROMPTS) else 1.5) * RATE)):
            frame = renderer.draw(now)
            generated = GeneratedFrame(frame.picture, frame.take, frame.prompt_id, frame.change)
            stage.show_frame(generated, direction.fade_seconds, now)
            for _ in range(STEPS_PER_FRAME):
                renderer.work()
            stage.present(now)
            frames.append(Image.fromarray(stage.capture()))
            now += 1.0 / RATE
    return frames[round(1.5 * RATE) :]


def main() -> None:
    """Write the strip."""
    first, *rest = film()
    first.save(TARGET, save_all=True, append_images=rest, duration=round(1000 / RATE), loop=0, quality=62, method=4)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1e6:.2f} MB, {len(rest) + 1} frames")


if __name__ == "__main__":
    main()
