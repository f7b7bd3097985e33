"""What the classes of a BigGAN in a folder are: `groups.json` says so, and without one they are ImageNet's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from installation.core.errors import ShowError
from installation.models.interfaces import Group
from installation.models.latent_sampling import ConditionalPriors

GROUPS = "groups.json"


def groups_in(folder: Path, classes: int) -> tuple[tuple[Group, ...], dict[str, ConditionalPriors] | None]:
    """The groups of so many classes, and which of them are drawn together, where the folder says that.

    Raises ShowError if the groups do not add up to `classes`.
    """
    path = folder / GROUPS
    if path.is_file():
        rows = json.loads(path.read_text(encoding="utf-8"))
        groups = tuple(Group(row["name"], tuple(row["labels"]), row["neutral"]) for row in rows)
        customs = {row["name"]: _customs(row) for row in rows}
    else:
        groups, customs = (Group("class", _labels(classes)),), None
    total = sum(len(group.labels) for group in groups)
    if total != classes:
        raise ShowError(f"{path} names {total} classes, but the model in its folder has {classes}.")
    return groups, customs


def _customs(row: dict[str, Any]) -> ConditionalPriors:
    given = {name: np.array(table, np.float32) for name, table in row["given"].items()}
    return ConditionalPriors(np.array(row["chances"], np.float32), given)


def _labels(classes: int) -> tuple[str, ...]:
    if classes != 1000:
        return tuple(f"class {index}" for index in range(classes))
    from open_clip import IMAGENET_CLASSNAMES

    return tuple(IMAGENET_CLASSNAMES)
