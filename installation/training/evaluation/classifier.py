"""The classifier of the evaluation: a small network that reads the classes of an image.

It is a plain convolutional network on 96 x 96 pixels. It is trained on renders only, with other seeds and another
architecture than the perceptor, so that it does not share the perceptor's errors. `assets/judge` holds its weights and
its accuracy on held-out renders, which every evaluation reports.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

from installation.core.errors import ShowError
from installation.models.clip.quantization import SCALE, quantize_rows, unpack
from installation.models.interfaces import Group, slices
from installation.models.resize import resized

IMAGE_SIZE = 96  # pixels
LAYERS = ((3, 24, 2), (24, 40, 2), (40, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 192, 2))
WEIGHTS, METADATA = "judge.safetensors", "judge.json"


class ClassifierNet(nn.Module):
    """3 x 3 convolutions with batch normalisation and relu, mean and max pooling, one linear layer."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(True))
            for before, after, stride in LAYERS
        )
        self.head = nn.Linear(2 * LAYERS[-1][1], classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images [n, 3, 96, 96] in 0..1 -> logits [n, classes]."""
        x = images * 2 - 1
        for layer in self.layers:
            x = layer(x)
        logits: Tensor = self.head(torch.cat((x.mean(dim=(2, 3)), x.amax(dim=(2, 3))), dim=1))
        return logits


@dataclass(frozen=True)
class Classifier:
    """A trained network; `accuracy` is its accuracy on held-out renders, by group name."""

    groups: tuple[Group, ...]
    net: ClassifierNet
    accuracy: dict[str, float]

    def labels(self, images: Tensor) -> list[dict[str, str]]:
        """The label in each group, for images [n, 3, h, w] in 0..1 of any size."""
        with torch.inference_mode():
            logits = self.net(resized(images, IMAGE_SIZE)).numpy()
        columns = [
            [group.labels[index] for index in logits[:, where].argmax(axis=1)]
            for group, where in zip(self.groups, slices(self.groups), strict=True)
        ]
        names = [group.name for group in self.groups]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def save_classifier(classifier: Classifier, folder: Path) -> int:
    """Write the weights (int8 with one scale for each output channel) and the metadata. Returns the weights' bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    packed: dict[str, NDArray[Any]] = {}
    for key, value in classifier.net.state_dict().items():
        array = value.numpy()
        if array.ndim > 1:
            packed[key], packed[key + SCALE] = quantize_rows(array.reshape(len(array), -1))
        elif "num_batches" not in key:
            packed[key] = array.astype(np.float16)
    save_file(packed, folder / WEIGHTS)
    groups = [group.to_row() for group in classifier.groups]
    metadata = {"accuracy": classifier.accuracy, "groups": groups}
    (folder / METADATA).write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")
    return (folder / WEIGHTS).stat().st_size


def load_classifier(folder: Path) -> Classifier:
    """Load the classifier that is stored in a folder.

    Raises:
        ShowError: The folder holds no classifier.
    """
    if not (folder / METADATA).is_file() or not (folder / WEIGHTS).is_file():
        raise ShowError(f"There is no classifier in {folder}: train one with `python -m installation.training judge`.")
    metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    groups = tuple(Group.from_row(row) for row in metadata["groups"])
    net = ClassifierNet(sum(len(group.labels) for group in groups))
    initial = net.state_dict()
    stored = {
        key: torch.from_numpy(value).reshape(initial[key].shape)
        for key, value in unpack(load_file(folder / WEIGHTS)).items()
    }
    net.load_state_dict(initial | stored)
    return Classifier(groups, net.eval().requires_grad_(False), metadata["accuracy"])
