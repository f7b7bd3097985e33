"""The judge: a small classifier that says what a picture of the world holds. For evaluation alone.

A plain stack of convolutions on 96 pixels, trained on renders only, from another seed and of another build than the
perceptor, so that what pleases the one need not please the other. `assets/judge` holds its weights and how often it is
right about renders that it never saw, which is printed beside everything that it says.
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

SIDE = 96  # pixels
CHANNELS = ((3, 24, 2), (24, 40, 2), (40, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 192, 2))
WEIGHTS, ABOUT = "judge.safetensors", "judge.json"


class ClassifierNet(nn.Module):
    """Convolutions, each with batch normalisation and relu; the mean and the greatest over places; one linear layer."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(True))
            for before, after, stride in CHANNELS
        )
        self.head = nn.Linear(2 * CHANNELS[-1][1], classes)

    def forward(self, pictures: Tensor) -> Tensor:
        """[n, 3, 96, 96] in 0..1 -> logits [n, classes]"""
        x = pictures * 2 - 1
        for layer in self.layers:
            x = layer(x)
        logits: Tensor = self.head(torch.cat((x.mean(dim=(2, 3)), x.amax(dim=(2, 3))), dim=1))
        return logits


@dataclass(frozen=True)
class Classifier:
    """`accuracy` of each group is the share of held renders in which the judge was right."""

    groups: tuple[Group, ...]
    net: ClassifierNet
    accuracy: dict[str, float]

    def labels(self, pictures: Tensor) -> list[dict[str, str]]:
        """What each picture holds: [n, 3, any, any] in 0..1 -> one label for each group."""
        with torch.inference_mode():
            logits = self.net(resized(pictures, SIDE)).numpy()
        named = [
            [group.labels[index] for index in logits[:, where].argmax(axis=1)]
            for group, where in zip(self.groups, slices(self.groups), strict=True)
        ]
        names = [group.name for group in self.groups]
        return [dict(zip(names, row, strict=True)) for row in zip(*named, strict=True)]


def save_judge(judge: Classifier, folder: Path) -> int:
    """Weights as int8 with one scale for each output channel; returns bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    packed: dict[str, NDArray[Any]] = {}
    for key, value in judge.net.state_dict().items():
        array = value.numpy()
        if array.ndim > 1:
            steps, scale = quantize_rows(array.reshape(len(array), -1))
            packed[key], packed[key + SCALE] = steps, scale
        elif "num_batches" not in key:
            packed[key] = array.astype(np.float16)
    save_file(packed, folder / WEIGHTS)
    groups = [{"name": group.name, "labels": list(group.labels), "neutral": group.neutral} for group in judge.groups]
    about = {"accuracy": judge.accuracy, "groups": groups}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return (folder / WEIGHTS).stat().st_size


def load_judge(folder: Path) -> Classifier:
    """The judge that is stored in a folder. Raises ShowError if there is none."""
    if not (folder / ABOUT).is_file() or not (folder / WEIGHTS).is_file():
        raise ShowError(f"There is no judge in {folder}: train one with `python -m installation.training judge`.")
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    groups = tuple(Group(row["name"], tuple(row["labels"]), row["neutral"]) for row in about["groups"])
    net = ClassifierNet(sum(len(group.labels) for group in groups))
    shapes = net.state_dict()
    state = {
        key: torch.from_numpy(value).reshape(shapes[key].shape)
        for key, value in unpack(load_file(folder / WEIGHTS)).items()
    }
    net.load_state_dict(shapes | state)
    return Classifier(groups, net.eval().requires_grad_(False), about["accuracy"])
