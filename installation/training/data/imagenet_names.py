"""All names of the ImageNet classes in WordNet, and of everything that they are a kind of: "dog" is classes 151 to 268.

    python -m installation.training.data.imagenet_names

writes `assets/imagenet/names.txt`, which the studio reads, from Debian's `wordnet-base`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from installation.core.paths import ASSETS
from installation.training.data.wordnet import noun_sense

TARGET = ASSETS / "imagenet" / "names.txt"
HEADER = (
    "# Names from WordNet 3.0 (Princeton University, see licence.txt) and the ImageNet classes that they mean.\n"
    "# Written by `python -m installation.training.data.imagenet_names`.\n"
)


def class_names() -> dict[str, list[int]]:
    """The sorted classes of every name, lower case."""
    from pytorch_pretrained_biggan.utils import IMAGENET

    names: dict[str, set[int]] = {}
    for offset, index in IMAGENET.items():
        for name in _names_upwards(f"{offset:08}"):
            names.setdefault(name.lower(), set()).add(index)
    return {name: sorted(indices) for name, indices in sorted(names.items())}


def write_names(path: Path = TARGET) -> None:
    """Write a line for each name: the name, a tab, and its classes as ranges."""
    rows = (f"{name}\t{','.join(_ranges(indices))}\n" for name, indices in class_names().items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(rows), encoding="utf-8")


def _names_upwards(offset: str | None) -> Iterator[str]:
    """The synonyms of a sense and of its hypernyms, up to the root."""
    while offset:
        synonyms, offset = noun_sense(offset)
        yield from synonyms


def _ranges(indices: Iterable[int]) -> Iterator[str]:
    for _, run in groupby(enumerate(indices), lambda pair: pair[1] - pair[0]):
        values = [value for _, value in run]
        yield str(values[0]) if len(values) == 1 else f"{values[0]}-{values[-1]}"


if __name__ == "__main__":
    write_names()
