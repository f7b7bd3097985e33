from __future__ import annotations

import numpy as np
import torch

from installation.core.messages import Prompt
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import LatentBank
from installation.dream.prompt_target import prompt_texts
from installation.dream.session import DreamSession
from installation.models.clip.ensemble import Ensemble
from installation.models.fake import FakePerceptor
from installation.models.interfaces import Floats
from installation.show.settings import DreamSettings
from tests.dream.conftest import FAKE_SETTINGS, small_biggan


class CountingPerceptor(FakePerceptor):
    """Remembers every text that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed_text(self, texts: object) -> Floats:
        self.texts += list(texts)  # type: ignore[call-overload]
        return super().embed_text(texts)  # type: ignore[arg-type]


def test_a_text_is_embedded_once(fake_session: DreamSession) -> None:
    perceptor, shared = CountingPerceptor(), fake_session.models
    models = DreamModels.prepare(shared.generator, perceptor, shared.bank, FAKE_SETTINGS)
    first = models.embed_texts(["a fox", "snow"])
    np.testing.assert_array_equal(models.embed_texts(["snow", "a fox"]), first[::-1])
    assert perceptor.texts == ["a fox", "snow"]


def test_no_texts_give_no_rows(fake_session: DreamSession) -> None:
    assert fake_session.models.embed_texts([]).shape == (0, FakePerceptor.embedding_size)


def test_an_ensemble_scores_the_bank_in_the_space_of_its_leader(fake_session: DreamSession) -> None:
    shared = fake_session.models
    ensemble = Ensemble({"fake": (FakePerceptor(), 1.0), "other": (FakePerceptor(), 0.5)})
    models = DreamModels.prepare(shared.generator, ensemble, shared.bank, FAKE_SETTINGS)
    targets = models.targets(prompt_texts([Prompt(1, "a fox")], "", ensemble.fit))
    np.testing.assert_allclose(targets.bank.texts, shared.embed_texts(["a fox"]), atol=1e-6)
    assert targets.optimizer.texts.shape == (1, 2 * FakePerceptor.embedding_size)


def test_ratings_are_those_of_the_rendered_pictures(fake_session: DreamSession) -> None:
    models = fake_session.models
    target = models.targets(prompt_texts([Prompt(1, "a fox")], "", models.perceptor.fit)).optimizer
    choices = models.bank.classes[:3].astype(np.intp)
    z = torch.from_numpy(models.bank.z[:3].astype(np.float32))
    expected = [float(models.rate(z[row : row + 1], choices[row : row + 1], target).result()[0]) for row in range(3)]
    np.testing.assert_allclose(models.rate(z, choices, target).result(), expected, atol=1e-5)


def test_bank_points_have_a_z_for_each_layer_if_the_show_asks_for_it(biggan_bank: LatentBank) -> None:
    generator = small_biggan()
    flat, layered = (
        DreamModels.prepare(generator, FakePerceptor(), biggan_bank, DreamSettings(latents=latents)).bank_point(3)
        for latents in ("one", "layers")
    )
    assert flat.z.shape == (1, 16)
    np.testing.assert_array_equal(layered.z, np.repeat(flat.z[:, None], generator.layers, axis=1))
