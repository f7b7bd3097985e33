"""The models that the commands of the studio share: each is loaded once, when it is first needed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from installation import models
from installation.core.errors import ShowError
from installation.core.messages import Prompt, Value
from installation.core.params import default_values
from installation.core.paths import writing
from installation.core.prompt_text import MAX_CHARACTERS, clean, parse_prompt
from installation.dream.latent_bank import shipped_bank_path
from installation.dream.schedule import Schedule
from installation.models import default_place
from installation.models.capabilities import GraphCapturable, LayeredLatents, Staged, Truncatable, WordPainter
from installation.models.interfaces import Generator, Latents, ModelPlace, Picture, Point, Size, repeat_layers
from installation.models.stored_latents import StoredLatents, read_latents
from installation.render.latent_walk import Geometry, geometry_of
from installation.render.loading import configure_generator, load_perceptor
from installation.show.settings import DreamSettings, ModelSettings
from installation.studio.picture_files import fit_picture

if TYPE_CHECKING:
    from installation.dream.composed_dream import AnyDream, ComposedSession
    from installation.dream.dream_models import DreamModels
    from installation.dream.session import DreamSession
    from installation.dream.sound_prompts import SoundReader
    from installation.dream.word_session import WordSession

FILM_SIZE = (720, 1280)  # height and width of a frame, by default
ROOM = 1 << 20  # bytes that a folder has to have free
FILM_BATCH = 4  # frames that are painted at once


@dataclass(frozen=True)
class StudioOptions:
    """What all commands share.

    Attributes:
        models: Names of the models, "auto" included.
        dream: How latents are optimised.
        params: Live parameters of the renderer that differ from their defaults.
        place: Where the models are and run.
        size: Of the pictures, if the generator can paint any size; (height, width).
    """

    models: ModelSettings = field(default_factory=ModelSettings)
    dream: DreamSettings = field(default_factory=DreamSettings)
    params: Mapping[str, Value] = field(default_factory=dict)
    place: ModelPlace = field(default_factory=default_place)
    size: tuple[int, int] | None = None

    def for_stored(self, path: Path) -> StudioOptions:
        """The options with the generator that stored latents belong to, if none is named.

        Raises:
            ShowError: The file is missing or damaged, or its generator is unknown.
        """
        name = read_latents(path).generator
        if self.models.generator != models.AUTO or not name:
            return self
        models.generator_spec(name)
        return replace(self, models=self.models.model_copy(update={"generator": name}))


def common_settings(options: StudioOptions) -> dict[str, Any]:
    """What all pictures of these options have in common, ready for JSON; the device is none of it."""
    dream = options.dream.model_dump(mode="json", exclude={"pictures"})
    models = options.models.model_dump(mode="json", exclude={"device"})
    return {"models": models, "dream": dream, "params": dict(options.params), "size": options.size}


class Studio:
    """Generator, perceptor and dreams for offline work: one thread, so that the same seed gives the same bytes."""

    def __init__(self, options: StudioOptions) -> None:
        """Resolve the names of the models.

        Raises:
            ShowError: A model is unknown or missing.
        """
        chosen = models.choose(options.models.generator, options.models.perceptor, options.place)
        update = dict(zip(("generator", "perceptor"), chosen, strict=True))
        # the user of a command line may name any picture of the machine in a prompt
        dream = options.dream.model_copy(update={"pictures": options.dream.pictures or Path.cwd().anchor})
        self.options = replace(options, models=options.models.model_copy(update=update), dream=dream)
        self.params: dict[str, Value] = {**default_values("renderer"), **options.params}

    @property
    def generator_name(self) -> str:
        """Name of the generator."""
        return self.options.models.generator

    @property
    def perceptor_name(self) -> str:
        """Name of the perceptor, the first of several."""
        return self.options.models.perceptor

    @cached_property
    def generator(self) -> Generator:
        """The generator, set up for the show's latents and truncation."""
        if models.generator_spec(self.generator_name).needs_torch:
            import torch

            torch.set_num_threads(1)  # more threads sum in another order, which changes the bytes
        generator = models.load_generator(self.generator_name, self.options.place)
        configure_generator(generator, self.options.dream)
        if isinstance(generator, Truncatable):
            generator.set_truncation(self.truncation)
        return generator

    @cached_property
    def session(self) -> DreamSession | ComposedSession | WordSession:
        """What starts dreams.

        Raises:
            ShowError: The models have no latent bank, or their dreams are simulated.
        """
        own_bank = shipped_bank_path(self.generator_name, self.options.place.assets)
        if not models.generator_spec(self.generator_name).needs_torch and not own_bank.is_file():
            raise ShowError(f"'{self.generator_name}' is for rehearsals and cannot dream: choose another generator.")
        if isinstance(self.generator, WordPainter):
            from installation.dream.word_session import WordSession

            return WordSession(self.generator, self.sounds)
        from installation.dream.loading import load_session

        place, dream = self.options.place, self.options.dream
        perceptor = load_perceptor(self.options.models, place)
        session = load_session(self.generator, perceptor, self.perceptor_name, dream, place, self.sounds)
        session.finish_loading()
        return session

    @cached_property
    def sounds(self) -> SoundReader:
        """What says what the sounds of prompts are."""
        from installation.dream.sound_prompts import sound_reader

        return sound_reader(self.options.place, self.options.dream.pictures, waits=True)

    def with_settings(self, dream: DreamSettings, params: Mapping[str, Value]) -> Studio:
        """A studio with other dream settings and live parameters that shares the loaded models.

        Raises:
            ShowError: The generator does not allow the settings.
        """
        other = Studio(replace(self.options, dream=dream, params={**self.options.params, **params}))
        other.generator, other.sounds = self.generator, self.sounds
        configure_generator(self.generator, other.options.dream)
        other.session = self.session.with_settings(other.options.dream)
        return other

    @property
    def dream_models(self) -> DreamModels:
        """The models as dreams use them.

        Raises:
            ShowError: The generator reads words by itself.
        """
        from installation.dream.word_session import WordSession

        if isinstance(self.session, WordSession):
            raise ShowError(f"'{self.generator_name}' paints words at once: there is no dream to optimise.")
        return self.session.models

    def use_scenes(self) -> None:
        """Let pictures change as on a stage, with a moving camera.

        Raises:
            ShowError: The generator has no stage.
        """
        if not isinstance(self.generator, Staged):
            raise ShowError(f"'{self.generator_name}' paints no scenes on a stage: leave out --scenes.")
        self.generator.set_stage(1.0, "scenes")

    @property
    def card_bytes(self) -> int:
        """The most memory of a CUDA card that was in use so far; 0 on other devices."""
        device = self.options.place.device
        if not device.startswith("cuda"):
            return 0
        import torch

        return torch.cuda.max_memory_allocated(device)

    @property
    def geometry(self) -> Geometry:
        """How z of the generator move."""
        return geometry_of(self.generator)

    @property
    def truncation(self) -> float:
        """The truncation of the live parameter."""
        return Schedule.from_params(self.params).truncation

    def dream(self, text: str, seed: int, params: Mapping[str, Value] | None = None) -> AnyDream:
        """Start a dream of a prompt.

        Raises:
            ShowError: The prompt is empty or too long, or a sound cannot be heard.
        """
        check_length(text)
        words = clean(text)
        if not parse_prompt(words):
            raise ShowError(f"The prompt '{text}' is empty: say what the picture should show.")
        for part in parse_prompt(words):
            if path := self.sounds.path(part.text):
                self.sounds.hear(path)
        return self.session.dream((Prompt(1, words),), seed, {**self.params, **(params or {})})

    def sample(self, n: int, seed: int) -> Point:
        """Draw latents, with a z for each layer if the show uses layered latents."""
        point = self.generator.sample(n, seed)
        if self.options.dream.latents == "layers" and isinstance(self.generator, LayeredLatents):
            return repeat_layers(point, self.generator.layers)
        return point

    def stored(self, path: Path) -> Point:
        """Read stored latents of this generator.

        Raises:
            ShowError: The file is missing or damaged, or belongs to another generator.
        """
        return read_latents(path).point_for(self.generator, path)

    def store(self, point: Point, settings: Mapping[str, str]) -> StoredLatents:
        """Latents of this generator with the settings that they were made with."""
        return StoredLatents(point, self.generator_name, settings)

    def paint(self, point: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """Paint one point at `size`, by default that of the options.

        The pictures of a generator of one size are scaled and cut to the size of the options, if that is given.
        """
        if self.generator.resolution_free:
            return self.generator.paint(point, size or self.options.size, phase)
        picture = self.generator.paint(point)
        return fit_picture(picture, self.options.size) if self.options.size else picture

    def paint_film(self, frames: Iterable[tuple[Point, float]]) -> Iterator[Picture]:
        """Paint frames of a film, points of one shape with their phases, by default at `FILM_SIZE` if it can be any.

        A generator that paints batches, all of one size, gets batches of `FILM_BATCH`.
        """
        generator = self.generator
        if generator.resolution_free or not isinstance(generator, GraphCapturable):
            yield from (self.paint(point, self.options.size or FILM_SIZE, phase) for point, phase in frames)
            return
        points = (point for point, _ in frames)
        while batch := list(islice(points, FILM_BATCH)):
            filled = [*batch, *batch[-1:] * (FILM_BATCH - len(batch))]  # captured graphs take one shape
            together = Latents(*(np.concatenate([getattr(each, part) for each in filled]) for part in ("z", "classes")))
            for picture in generator.paint_batch(together)[: len(batch)]:
                yield fit_picture(picture, self.options.size) if self.options.size else picture


def check_length(prompt: str) -> None:
    """Raise ShowError if a prompt is too long."""
    if len(prompt) > MAX_CHARACTERS:
        raise ShowError(f"The prompt has {len(prompt)} characters: at most {MAX_CHARACTERS}.")


def make_folder(path: Path) -> None:
    """Create a folder and those above it, before the work for it begins.

    Raises:
        ShowError: It cannot be created or written to, or has no room for a picture.
    """
    with writing(path):
        file = next((each for each in (path, *path.parents) if each.is_file()), None)
        if file is not None:
            raise ShowError(f"{file} is a file, not a folder: choose another place with -o.")
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(bytes(ROOM))
            probe.flush()
