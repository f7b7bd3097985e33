"""Films a show with a song in simulated time, as on a machine that is never late: `python -m tests.bench.sound_film`.

Everything but the processes is real: analysis, Conductor, renderer, stage. A frame takes as long as it takes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from installation.cli.play import parse_settings
from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import SAY, Direction, Modulation, SetParam, Trigger
from installation.core.prompt_text import captions
from installation.render.interfaces import RendererConfig
from installation.render.loading import load_dream_factory, load_generator, resolve_models
from installation.render.renderer import Renderer
from installation.show.loader import load_show, override
from installation.show.settings import Show
from installation.speech.audio_file import decode_audio_file
from installation.speech.interfaces import SAMPLE_RATE
from installation.speech.sound_analysis import SoundAnalysis
from installation.stage.crossfade import GeneratedFrame
from installation.stage.stage import Stage
from installation.studio.video import FilmWriter


class SimulatedShow:
    """A show at `rate` frames per second; times are those of the song."""

    def __init__(self, show: Show, conductor: Conductor, rate: float) -> None:
        self.show, self.conductor, self.rate = show, conductor, rate
        config = RendererConfig(
            show.models, show.dream, Path(), show.look.size, rate, show.models.seed or 1, conductor.direction
        )
        config = resolve_models(config)
        generator = load_generator(config)
        self.renderer = Renderer(config, generator, load_dream_factory(config, generator))
        self.stage = Stage.open(show.look, show.title, headless=True)
        self._fade = 0.0
        self.carry_out(conductor.begin(), 0.0)

    def carry_out(self, effects: list[Effect], now: float) -> None:
        for effect in effects:
            match effect:
                case Direction():
                    self._fade = effect.fade_seconds if effect.take != self.renderer._take else self._fade
                    self.renderer.direct(effect)
                    self.stage.set_caption(captions(effect.prompts), now)
                case SetParam():
                    self.stage.set_parameter(effect.name, effect.value, effect.seconds, now)
                case Modulation(added, on_stage):
                    self.renderer.modulate(added)
                    self.stage.modulate(on_stage)

    def frame(self, now: float, pieces: int) -> np.ndarray:
        self.carry_out(self.conductor.advance(now), now)
        for _ in range(pieces):
            self.renderer.work()
        drawn = self.renderer.draw(now)
        self.conductor.frame_drawn(drawn.prompt_id, now)
        self.stage.show_frame(GeneratedFrame(drawn.picture, drawn.take, drawn.prompt_id, drawn.change), self._fade, now)
        self.stage.present(now)
        return self.stage.capture()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("show")
    parser.add_argument("song", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=float, default=0.0, help="seconds of the song before the film begins")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--pieces", type=int, default=1, help="pieces of dream work per frame")
    parser.add_argument("--say", default="", help="a prompt at the start")
    parser.add_argument("--go", type=float, default=0.0, help="seconds between two cues")
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    show, values = override(load_show(options.show), parse_settings(options.set))
    film = SimulatedShow(show, Conductor(show, values), options.rate)
    if options.say:
        film.carry_out(film.conductor.receive(Trigger("prompt", (options.say,), SAY), 0.0), 0.0)
    samples = np.concatenate(list(decode_audio_file(options.song)))
    analysis, fed = SoundAnalysis(show.sound.floor_db), 0
    with FilmWriter(options.out, options.rate) as writer:
        for number in range(round((options.start + options.seconds) * options.rate)):
            now = (number + 1) / options.rate
            block = samples[fed : round(now * SAMPLE_RATE)]
            fed += len(block)
            if len(block) and (features := analysis.feed(block, now)):
                film.carry_out(film.conductor.hear(features, now), now)
            if options.go and now > options.start and (now - options.start) % options.go < 1.0 / options.rate:
                film.carry_out(film.conductor.receive(Trigger("go", (), SAY), now), now)
            if now > options.start:
                writer.write(film.frame(now, options.pieces))
            else:
                film.carry_out(film.conductor.advance(now), now)
    film.stage.close()


if __name__ == "__main__":
    main()
