"""Loads what dreams need: perceptor, latent bank and, for generators that repaint, the generator that composes."""

from __future__ import annotations

from installation import models
from installation.dream.composed_dream import ComposedSession, EncodedBank, Repainter
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import LatentBank, load_bank, source_name
from installation.dream.session import DreamSession
from installation.dream.sound_prompts import SoundReader
from installation.models.capabilities import PictureEncoder
from installation.models.cuda_graphs import Stream
from installation.models.interfaces import Generator, ModelPlace, Perceptor
from installation.show.settings import DreamSettings


def load_session(
    generator: Generator,
    perceptor: Perceptor,
    bank_perceptor: str,
    settings: DreamSettings,
    place: ModelPlace,
    sounds: SoundReader | None = None,
) -> DreamSession | ComposedSession:
    """Prepare dreams of a loaded generator and perceptor.

    Args:
        generator: On the device of `place`.
        perceptor: On the same device.
        bank_perceptor: Name of the perceptor that the latent bank was built with: the leader of an ensemble.
        settings: How dreams are optimised.
        place: Where models are and run.
        sounds: Says what the sounds of prompts are.

    Raises:
        ShowError: There is no latent bank, or it is damaged.
    """
    bank = load_bank(generator.name, bank_perceptor, place)
    source = source_name(generator.name)
    if not source:
        return DreamSession(_prepare(generator, perceptor, bank, settings, place, sounds))
    if not isinstance(generator, PictureEncoder):
        raise TypeError(f"{generator.name} starts from pictures of {source}, but cannot encode them.")
    # other settings, of classes and optimisers, are for the generator itself
    composed = DreamSettings(cutouts=settings.cutouts, pictures=settings.pictures)
    composing = _prepare(models.load_generator(source, place), perceptor, bank, composed, place, sounds)
    repainter = Repainter(composing.generator, generator, composing.stream.device)
    own_bank = EncodedBank.of(generator, bank, repainter)
    own = _prepare(generator, perceptor, own_bank, settings, place, sounds, composing.stream)
    return ComposedSession(DreamSession(composing), DreamSession(own), repainter.encode)


def _prepare(
    generator: Generator,
    perceptor: Perceptor,
    bank: LatentBank,
    settings: DreamSettings,
    place: ModelPlace,
    sounds: SoundReader | None,
    stream: Stream | None = None,
) -> DreamModels:
    return DreamModels.prepare(generator, perceptor, bank, settings, place.device, sounds, stream)
