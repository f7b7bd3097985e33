"""What the program knows about a model without loading it.

A model family declares its models in one file, as `SPECS`, and `models.registry` lists the families. The store, the
doctor, the benchmark, the command line and `auto` read specs and know no family by name. A spec is data and lazy
callables: importing it imports neither torch nor a model library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from installation.core.model_files import ModelFiles
from installation.models.interfaces import Generator, Group, ModelPlace, Perceptor, SoundNamer

if TYPE_CHECKING:
    from torch import Tensor

MINIMUM_SHARE = 0.5  # of `memory_bytes`; with less not even one cutout fits


class ReferenceGenerator(NamedTuple):
    """A generator as its authors publish it, for the benchmark."""

    z_dim: int
    classes: int
    render: Callable[[Tensor, Tensor], Tensor]  # [n, z_dim], weights [n, classes] -> [n, 3, side, side] in 0..1


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """What a generator and a perceptor have in common.

    `domain` is what the pictures of a generator show, or what a perceptor recognises; "" is anything. `auto` takes the
    usable model with the highest `preference`; with 0 it takes a generator only for a perceptor of the same domain.

    `packages` are Python modules that the model needs and that only the optional extra `extra` installs.

    `random_weights` writes files with random weights of the true shapes into a folder, by a seed: they stand in for
    weights that are not installed, in the benchmark and in tests.
    """

    family: str
    files: ModelFiles
    domain: str = ""
    preference: int = 0
    packages: tuple[str, ...] = ()
    extra: str = ""
    listed: bool = True  # whether `models`, `doctor` and `fetch` show it
    random_weights: Callable[[Path, int], None] | None = None

    @property
    def name(self) -> str:
        """The name in show files and on the command line."""
        return self.files.name

    @property
    def embedded(self) -> bool:
        """Whether it comes with Laterna."""
        return self.files.embedded

    def installed(self, place: ModelPlace) -> bool:
        """Whether its files and packages exist; they are not read."""
        return not self.missing_packages and self.files.complete(place.cache)

    @property
    def missing_packages(self) -> tuple[str, ...]:
        """The Python modules that are not installed."""
        return tuple(module for module in self.packages if find_spec(module) is None)


@dataclass(frozen=True, kw_only=True)
class GeneratorSpec(ModelSpec):
    """A generator.

    `memory_bytes` is the free device memory that a dream with a full-size perceptor uses; 0 means that the generator
    runs well on a CPU. `shipped_bank` names the perceptor for which a latent bank comes with Laterna; banks for other
    perceptors are built once, by `run_show.py bank`.

    The dreams of a `PictureEncoder` have no bank of their own: they start from the pictures of the generator that
    `starts_from` names, which are encoded.

    A generator that reads words (`WordPainter`) needs neither a perceptor nor a bank: no dream is optimised.

    `bank_of` names the generator whose latents mean the same, and whose bank it uses.

    `groups` are its groups of classes, where stored latents may lack some of them (see `latent_bank.with_new_classes`).

    A generator that does not need torch paints with numpy: its dreams are simulated and need no latent bank.

    `bench` measures it with the perceptor of `benchmark_perceptors`, else with the preferred one, and compares it with
    `reference`, the authors' own way, and with `peer`, the same network with its spectral norms removed.
    """

    load: Callable[[ModelPlace], Generator]
    memory_bytes: int = 0
    shipped_bank: str = ""
    starts_from: str = ""
    bank_of: str = ""
    groups: Callable[[], tuple[Group, ...]] | None = None
    needs_torch: bool = True
    reads_words: bool = False
    reference: Callable[[ModelPlace], ReferenceGenerator] | None = None
    peer: Callable[[ModelPlace], ReferenceGenerator] | None = None
    benchmarked_on: tuple[str, ...] = ()  # "cpu", "gpu": where `bench` measures it by default
    benchmark_perceptors: Mapping[str, str] = field(default_factory=dict, hash=False)  # by "cpu" or "gpu"

    @property
    def minimum_memory_bytes(self) -> int:
        """The free device memory without which a dream cannot run."""
        return int(self.memory_bytes * MINIMUM_SHARE)

    def matches(self, perceptor: PerceptorSpec) -> bool:
        """Whether the perceptor recognises what the pictures of this generator show."""
        return "" in (self.domain, perceptor.domain) or perceptor.domain == self.domain


@dataclass(frozen=True, kw_only=True)
class PerceptorSpec(ModelSpec):
    """A perceptor. `reference` gives the image encoder as its authors publish it, with random weights.

    `temperature` is what cosines are divided by before the softmax of a zero-shot classification.
    """

    load: Callable[[ModelPlace], Perceptor]
    temperature: float = 0.01  # CLIP's logit scale is 100
    reference: Callable[[ModelPlace], Callable[[Tensor], Tensor]] | None = None


@dataclass(frozen=True, kw_only=True)
class ListenerSpec(ModelSpec):
    """What says which words a sound stands for."""

    load: Callable[[ModelPlace], SoundNamer]


@dataclass(frozen=True, kw_only=True)
class WriterSpec(ModelSpec):
    """A language model, which the process of the writer loads."""
