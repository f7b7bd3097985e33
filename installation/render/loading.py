"""The models and the dreamer that a show asks for. Importing this imports no model; fakes never import torch."""

from __future__ import annotations

import os
from dataclasses import replace

from installation import models
from installation.core.errors import ShowError
from installation.core.os_support import cores
from installation.models.interfaces import Generator, GraphCapturable, ModelPlace, Perceptor, repeat_layers
from installation.render.interfaces import Dreamer, RendererConfig
from installation.show.settings import DreamSettings

FAKE = "fake"


def settled(config: RendererConfig) -> RendererConfig:
    """The same config with every "auto" made up, once, before a model takes memory. Raises ShowError."""
    wanted = config.models
    device = device_named(wanted.device) if wanted.generator != FAKE else "cpu"  # the fakes need no torch
    generator, perceptor = models.choose(wanted.generator, wanted.perceptor, models.default_place(device))
    update = {"generator": generator, "perceptor": perceptor, "device": device}
    return replace(config, models=wanted.model_copy(update=update))


def load_generator(config: RendererConfig) -> Generator:
    """The generator of a settled config. Raises ShowError."""
    if config.models.generator != FAKE:
        limit_threads()
    generator = models.load_generator(config.models.generator, models.default_place(config.models.device))
    suit(generator, config.dream)
    if isinstance(generator, GraphCapturable):  # one picture, and two while the first change is awaited
        for like in (generator.sample(1, 0), generator.sample(2, 0)):
            generator.prepare(
                *([like, repeat_layers(like, generator.layers)] if config.dream.latents == "layers" else [like])
            )
    return generator


def suit(generator: Generator, dreaming: DreamSettings) -> None:
    """Tell a generator how the show's dreams use its latents. Raises ShowError if it cannot be used so."""
    for key, usual in (("latents", "one"), ("class_weights", "softmax")):
        wanted = getattr(dreaming, key)
        if wanted != usual and not isinstance(generator, GraphCapturable):
            raise ShowError(f"dream.{key} = '{wanted}' is for a BigGAN; '{generator.name}' knows only '{usual}'.")
    if dreaming.class_weights == "softmax":
        return
    if dreaming.classes != "optimised":
        wanted = dreaming.class_weights
        raise ShowError(f"dream.class_weights = '{wanted}' weighs optimised classes: set dream.classes = 'optimised'.")
    if isinstance(generator, GraphCapturable):
        generator.free_classes()


def load_dreamer(config: RendererConfig, generator: Generator) -> Dreamer:
    """What dreams with the generator of a settled config, which is loaded already. Raises ShowError."""
    name, perceptor, device = generator.name, config.models.perceptor, config.models.device
    if name == FAKE:
        from installation.render.fake import FakeDreamer

        return FakeDreamer(generator)
    from installation.dream.dream_models import DreamModels
    from installation.dream.latent_bank import load_bank
    from installation.dream.session import DreamSession

    place = models.default_place(device)
    bank = load_bank(name, perceptor, place)
    session = DreamSession(DreamModels.prepare(generator, _seers(config, place), bank, config.dream, device))
    if device.startswith("cuda"):
        session.limit_memory(models.device_memory(device))
    session.warm_up()
    return session


def _seers(config: RendererConfig, place: ModelPlace) -> Perceptor:
    """The perceptor, or several as one."""
    wanted = config.models
    if len(wanted.perceptors) < 2:
        return models.load_perceptor(wanted.perceptor, place)
    from installation.models.clip.ensemble import Ensemble

    return Ensemble({name: (models.load_perceptor(name, place), weight) for name, weight in wanted.perceptors.items()})


def usual_device() -> str:
    """What "auto" is on this machine: CUDA, else Apple's MPS, else the CPU."""
    _help_apple()
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def device_named(name: str) -> str:
    """The device of that name, or what "auto" is. Raises ShowError if torch finds none such."""
    if name == "cpu":
        return name
    if name == "auto":
        return usual_device()
    _help_apple()
    import torch

    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError):
        raise ShowError(f'models.device = \'{name}\': torch finds no such device here; use "auto" or "cpu".') from None
    return name


def _help_apple() -> None:
    """What torch lacks on MPS is done on the processor, not refused; it reads this once, when it is loaded."""
    os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")


def limit_threads() -> None:
    """On two cores one is the stage's; on more, half are enough for models of this size and leave the rest alone."""
    import torch

    torch.set_num_threads(max(1, cores() // 2))
