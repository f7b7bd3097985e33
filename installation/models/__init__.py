"""The models by name: `load_generator`, `load_perceptor`, and `choose` for the name "auto".

Importing this imports neither torch nor any model; a loader does so when it is called. A new family is one file and
one entry in a dict below.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from installation.core.errors import ShowError, suggest
from installation.core.paths import ASSETS
from installation.models.interfaces import Generator, ModelPlace, Perceptor

Loader = TypeVar("Loader")

AUTO = "auto"
CACHE_VARIABLE = "LATERNA_MODELS"

_GIB = 1 << 30
# full-size BigGANs, the best first, with the device memory that a dream with a full-size perceptor wants
FULL_SIZE = {"biggan-deep-512": 12 * _GIB, "biggan-deep-256": 8 * _GIB, "biggan-deep-128": 6 * _GIB}
LEAST = 0.5  # of that memory, below which not even the fewest cutouts fit
# architectures of open_clip, in the order in which "auto" takes those that are there
# (`-quickgelu`: what OpenAI trained, which wants the activation that it was trained with)
OPEN_CLIP = (
    "ViT-B-32-quickgelu",
    "ViT-B-32",
    "ViT-B-16-quickgelu",
    "ViT-B-16",
    "RN50-quickgelu",
    "RN101-quickgelu",
    "RN50x4-quickgelu",
    "ViT-L-14-quickgelu",
    "ViT-L-14",
)
BIGGAN_CONFIG, BIGGAN_WEIGHTS = "config.json", "pytorch_model.bin"  # as the library names them
CLIP_CHECKPOINTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")  # as the Hugging Face hub does
OWN_WORLD = "clip-embedded"  # knows the theatre's world and nothing else


def _theatre(place: ModelPlace) -> Generator:
    from installation.models.theatre import load

    return load(place)


def _biggan_embedded(place: ModelPlace) -> Generator:
    from installation.models.biggan.generator import load_biggan

    return load_biggan("biggan-embedded", place.assets / "biggan-embedded", place, truncation=0.8)


def _biggan(name: str, place: ModelPlace) -> Generator:
    from installation.models.biggan.generator import load_biggan

    if not fetched(name, place):
        raise not_here(name, place)
    return load_biggan(name, place.cache / name, place)


def _fake_generator(place: ModelPlace) -> Generator:
    del place
    from installation.models.fake import FakeGenerator

    return FakeGenerator()


def _clip_embedded(place: ModelPlace) -> Perceptor:
    from installation.models.clip.perceptor import load_embedded

    return load_embedded(OWN_WORLD, place.assets / OWN_WORLD, place)


def _open_clip(name: str, place: ModelPlace) -> Perceptor:
    from installation.models.clip.perceptor import load_open_clip

    if not fetched(name, place):
        raise not_here(name, place)
    return load_open_clip(name, place)


def _fake_perceptor(place: ModelPlace) -> Perceptor:
    del place
    from installation.models.fake import FakePerceptor

    return FakePerceptor()


GENERATORS: dict[str, Callable[[ModelPlace], Generator]] = {
    "theatre": _theatre,
    "biggan-embedded": _biggan_embedded,
    **{name: partial(_biggan, name) for name in FULL_SIZE},
    "fake": _fake_generator,
}
PERCEPTORS: dict[str, Callable[[ModelPlace], Perceptor]] = {
    OWN_WORLD: _clip_embedded,
    **{name: partial(_open_clip, name) for name in OPEN_CLIP},
    "fake": _fake_perceptor,
}


def load_generator(name: str, place: ModelPlace) -> Generator:
    """The generator of that name. Raises ShowError if it is unknown or not here."""
    return _known(name, GENERATORS, "generator")(place)


def load_perceptor(name: str, place: ModelPlace) -> Perceptor:
    """The perceptor of that name. Raises ShowError if it is unknown or not here."""
    return _known(name, PERCEPTORS, "perceptor")(place)


def default_place(device: str = "cpu") -> ModelPlace:
    """Assets beside the package; fetched models in the folder that LATERNA_MODELS names, else in the user's cache."""
    from platformdirs import user_cache_path

    named = os.environ.get(CACHE_VARIABLE)
    cache = Path(named).expanduser() if named else user_cache_path("laterna", appauthor=False) / "models"
    return ModelPlace(ASSETS, cache, device)


def fetched(name: str, place: ModelPlace) -> bool:
    """Whether the files of a model that does not travel with Laterna are here; what is in them shows when it loads."""
    folder = place.cache / name
    if name in FULL_SIZE:
        return all((folder / file).is_file() for file in (BIGGAN_CONFIG, BIGGAN_WEIGHTS))
    return any((folder / file).is_file() for file in CLIP_CHECKPOINTS)


def not_here(name: str, place: ModelPlace) -> ShowError:
    """What the operator is told of a model that is not fetched: a show never downloads."""
    return ShowError(
        f"'{name}' is not in {place.cache}: run_show.py fetch {name} brings it, or fetch {name} --from a folder."
    )


def bank_file(generator: str, perceptor: str, cache: Path) -> Path:
    """Where the Bank of two models lies that was built on this machine, beside the fetched models."""
    return cache / "banks" / f"{generator}+{perceptor}.npz"


def device_memory(device: str) -> int:
    """Bytes that are free on a graphics card; 0 where the processor does its work."""
    if device.startswith("cuda"):
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    if device.startswith("mps"):  # it shares the machine's memory; the system says how much of that is its
        import torch

        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    return 0


def choose(
    generator: str, perceptor: str, place: ModelPlace, memory: Callable[[str], int] = device_memory
) -> tuple[str, str]:
    """The two names to load, with each "auto" made up.

    A generator's "auto" is the largest full-size BigGAN that is fetched, fits the device's free memory and has a
    fetched perceptor to go with it and their Bank; else the theatre. A perceptor's "auto" follows the generator.
    Raises ShowError if a name is unknown, if its files are not here (a show never downloads), if the card is too small
    for it, or if the two do not belong together.
    """
    if perceptor != AUTO:
        _known(perceptor, PERCEPTORS, "perceptor")
    if generator == AUTO:
        generator = _best_generator(perceptor, place, memory)
    _known(generator, GENERATORS, "generator")
    if perceptor == AUTO:
        perceptor = _matching_perceptor(generator, place)
    if generator in FULL_SIZE and perceptor == OWN_WORLD:
        full = ", ".join(OPEN_CLIP)
        raise ShowError(f"'{OWN_WORLD}' knows only the theatre's world: {generator} wants one of {full}.")
    for name in (generator, perceptor):
        if name in (*FULL_SIZE, *OPEN_CLIP) and not fetched(name, place):
            raise not_here(name, place)
    if generator in FULL_SIZE and place.device.startswith("cuda"):
        _check_card(generator, memory(place.device))
    return generator, perceptor


def _check_card(generator: str, free: int) -> None:
    least = FULL_SIZE[generator] * LEAST
    if free < least:
        raise ShowError(
            f"The card is too small for {generator}: {least / _GIB:.0f} GiB are wanted at least, {free / _GIB:.1f} GiB "
            f'are free; choose a smaller generator, or "auto".'
        )


def _known(name: str, registry: Mapping[str, Loader], kind: str) -> Loader:
    if name not in registry:
        raise ShowError(f"There is no {kind} '{name}'; {suggest(name, registry)}")
    return registry[name]


def _best_generator(perceptor: str, place: ModelPlace, memory: Callable[[str], int]) -> str:
    if perceptor == "fake":
        return "fake"
    here = [name for name in FULL_SIZE if fetched(name, place) and _seers(name, perceptor, place)]
    free = memory(place.device) if here else 0
    return next((name for name in here if FULL_SIZE[name] <= free), "theatre")


def _seers(generator: str, perceptor: str, place: ModelPlace) -> list[str]:
    """The fetched perceptors (or that one, if it is) whose Bank with a full-size generator has been built."""
    wanted = _fetched_perceptors(place) if perceptor == AUTO else [perceptor]
    return [name for name in wanted if bank_file(generator, name, place.cache).is_file()]


def _matching_perceptor(generator: str, place: ModelPlace) -> str:
    if generator == "fake":
        return "fake"
    if generator not in FULL_SIZE:
        return OWN_WORLD
    here = _seers(generator, AUTO, place) or _fetched_perceptors(place)
    if not here:
        wanted, brings = OPEN_CLIP[0], "one"
        if not fetched(generator, place):
            wanted, brings = f"{generator} {wanted}", "both"
        raise ShowError(
            f"{generator} wants a full-size perceptor, and none is here: run_show.py fetch {wanted} brings {brings}."
        )
    return here[0]


def _fetched_perceptors(place: ModelPlace) -> list[str]:
    return [name for name in OPEN_CLIP if fetched(name, place)]
