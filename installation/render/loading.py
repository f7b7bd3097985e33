"""Loads the models of a show. Importing this imports no model; the fake models never import torch."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from installation import models
from installation.core.errors import ShowError
from installation.core.os_support import cores
from installation.models.capabilities import (
    ClassEmbedded,
    GraphCapturable,
    IndependentClasses,
    LayeredLatents,
    WordPainter,
)
from installation.models.interfaces import Generator, ModelPlace, Perceptor, repeat_layers
from installation.render.interfaces import DreamFactory, RendererConfig
from installation.show.settings import DreamSettings, ModelSettings


def resolve_models(config: RendererConfig, notice: Callable[[str], None] | None = None) -> RendererConfig:
    """Replace every "auto" by a name, once, before a model takes memory.

    With `notice`, a missing device is no error: the default one takes its place, and `notice` gets the reason.

    Raises:
        ShowError: A model is unknown or missing; or the device, without `notice`.
    """
    settings = config.models
    device = _device(settings.device, notice) if _needs_torch(settings.generator) else "cpu"
    place = config.place._replace(device=device)
    generator, perceptor = models.choose(settings.generator, settings.perceptor, place)
    update = {"generator": generator, "perceptor": perceptor, "device": device}
    return replace(config, models=settings.model_copy(update=update), place=place)


def load_generator(config: RendererConfig) -> Generator:
    """Load the generator of a resolved config and prepare it for the batches that the renderer paints.

    Raises:
        ShowError: It is missing, or cannot be used as the show asks.
    """
    if _needs_torch(config.models.generator):
        limit_threads()
    generator = models.load_generator(config.models.generator, config.place)
    configure_generator(generator, config.dream)
    if isinstance(generator, GraphCapturable):
        for count in (1, 2):  # two while a change is measured (see `FramePainter.compare`)
            example = generator.sample(count, 0)
            layers = generator.layers if isinstance(generator, LayeredLatents) else 0
            layered = [repeat_layers(example, layers)] if config.dream.latents == "layers" else []
            generator.prepare(example, *layered)
    return generator


def _device(name: str, notice: Callable[[str], None] | None) -> str:
    try:
        return resolve_device(name)
    except ShowError as error:
        if notice is None:
            raise
        device = default_device()
        notice(f"{error} The show plays on '{device}'.")
        return device


def _needs_torch(generator: str) -> bool:
    return generator == models.AUTO or models.generator_spec(generator).needs_torch


def configure_generator(generator: Generator, settings: DreamSettings) -> None:
    """Set a generator up for the latents and class weights that the show's dreams use.

    Raises:
        ShowError: The generator or the other settings do not allow them.
    """
    for key, default, values, capability in (
        ("latents", "one", ("layers",), LayeredLatents),
        ("class_weights", "softmax", ("sigmoid", "top"), IndependentClasses),
        ("start_classes", "random", ("embedding",), ClassEmbedded),
    ):
        value = getattr(settings, key)
        if value in values and not isinstance(generator, capability):
            raise ShowError(f"dream.{key} = '{value}' is not supported by '{generator.name}': use '{default}'.")
    if settings.start_classes not in ("words", "bank") and settings.classes == "discrete":
        raise ShowError(
            f"dream.start_classes = '{settings.start_classes}' has no effect while classes are searched for: "
            "set dream.classes = 'optimised' or 'frozen'."
        )
    if settings.start == "fusedream" and settings.optimizer != "adam":
        raise ShowError(
            f"dream.start = 'fusedream' mixes latents by Adam: leave out dream.optimizer = '{settings.optimizer}'."
        )
    if settings.class_weights == "softmax":
        return
    if settings.classes != "optimised":
        raise ShowError(
            f"dream.class_weights = '{settings.class_weights}' needs optimised classes: "
            "set dream.classes = 'optimised'."
        )
    if isinstance(generator, IndependentClasses):
        generator.use_independent_classes()


def load_dream_factory(config: RendererConfig, generator: Generator, waits: bool = False) -> DreamFactory:
    """Load perceptor and latent bank of a resolved config, and warm up.

    With `waits`, dreams wait for the sounds of their prompts, as a replay does.

    Raises:
        ShowError: One of them is missing, or the device's memory is too small.
    """
    place = config.place
    if not models.generator_spec(generator.name).needs_torch:
        from installation.render.fake import FakeDreamFactory

        return FakeDreamFactory(generator)
    from installation.dream.sound_prompts import sound_reader

    sounds = sound_reader(place, config.dream.pictures, waits)
    if isinstance(generator, WordPainter):
        from installation.dream.word_session import WordSession

        words = WordSession(generator, sounds)
        words.warm_up()
        return words
    from installation.dream.loading import load_session

    perceptor = load_perceptor(config.models, place)
    session = load_session(generator, perceptor, config.models.perceptor, config.dream, place, sounds)
    if place.device.startswith("cuda"):
        if config.models.compile:
            session.compile()
        session.limit_memory(models.free_memory(place.device))
    session.warm_up()
    return session


def load_perceptor(settings: ModelSettings, place: ModelPlace) -> Perceptor:
    """Load the perceptor of resolved settings, or several as one ensemble. Raises ShowError if one is missing."""
    if len(settings.perceptors) < 2:
        return models.load_perceptor(settings.perceptor, place)
    from installation.models.clip.ensemble import Ensemble

    weighted = settings.perceptors.items()
    return Ensemble({name: (models.load_perceptor(name, place), weight) for name, weight in weighted})


def default_device() -> str:
    """Return what "auto" is on this machine: CUDA, else Apple's MPS, else the CPU."""
    _allow_mps_fallback()
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def resolve_device(name: str) -> str:
    """Return the device of that name, or `default_device` for "auto".

    Raises:
        ShowError: torch does not find the device.
    """
    if name == "cpu":
        return name
    if name == "auto":
        return default_device()
    _allow_mps_fallback()
    import torch

    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError):
        raise ShowError(f'models.device = \'{name}\': torch finds no such device; use "auto" or "cpu".') from None
    return name


def _allow_mps_fallback() -> None:
    """Let torch run operators that MPS lacks on the CPU; it reads this variable when it is imported."""
    os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")


def limit_threads() -> None:
    """Give torch half of the cores: enough for models of this size, and the stage keeps the rest."""
    import torch

    torch.set_num_threads(max(1, cores() // 2))
