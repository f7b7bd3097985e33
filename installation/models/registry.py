"""The model families, and their models by name. A new family adds one line to `_FAMILIES`.

Importing this imports neither torch nor a model library; a spec does so when it loads a model.
"""

from __future__ import annotations

from installation.core.errors import ShowError, suggest
from installation.core.paths import pip_install
from installation.models import fake
from installation.models.biggan import spec as biggan
from installation.models.clap import spec as clap
from installation.models.clip import spec as clip
from installation.models.diffusion import spec as diffusion
from installation.models.fft import spec as fft
from installation.models.interfaces import Generator, ModelPlace, Perceptor, SoundNamer
from installation.models.language import spec as language
from installation.models.paper_stage import spec as paper_stage
from installation.models.photo import spec as photo
from installation.models.pixels import spec as pixels
from installation.models.spec import GeneratorSpec, ListenerSpec, ModelSpec, PerceptorSpec, WriterSpec
from installation.models.strokes import spec as strokes
from installation.models.stylegan2 import spec as stylegan2
from installation.models.theatre import spec as theatre
from installation.models.vqgan import spec as vqgan

_FAMILIES: tuple[tuple[GeneratorSpec | PerceptorSpec, ...], ...] = (
    theatre.SPECS,
    paper_stage.SPECS,
    biggan.SPECS,
    clip.SPECS,
    photo.SPECS,
    vqgan.SPECS,
    stylegan2.SPECS,
    diffusion.SPECS,
    strokes.SPECS,
    fft.SPECS,
    pixels.SPECS,
    fake.SPECS,
)

GENERATORS = {spec.name: spec for family in _FAMILIES for spec in family if isinstance(spec, GeneratorSpec)}
PERCEPTORS = {spec.name: spec for family in _FAMILIES for spec in family if isinstance(spec, PerceptorSpec)}
LISTENER: ListenerSpec = clap.SPECS[0]
_OTHERS: tuple[ListenerSpec | WriterSpec, ...] = (*clap.SPECS, *language.SPECS)


def all_specs() -> list[GeneratorSpec | PerceptorSpec]:
    """Every model: generators, then perceptors."""
    return [*GENERATORS.values(), *PERCEPTORS.values()]


def listed_specs() -> list[ModelSpec]:
    """What `models`, `doctor` and `fetch` show: also what hears sounds and what writes lines."""
    return [spec for spec in (*all_specs(), *_OTHERS) if spec.listed]


def generator_spec(name: str) -> GeneratorSpec:
    """The generator of that name. Raises ShowError with the nearest name if there is none."""
    if name not in GENERATORS:
        raise ShowError(f"There is no generator '{name}'; {suggest(name, GENERATORS)}")
    return GENERATORS[name]


def perceptor_spec(name: str) -> PerceptorSpec:
    """The perceptor of that name. Raises ShowError with the nearest name if there is none."""
    if name not in PERCEPTORS:
        raise ShowError(f"There is no perceptor '{name}'; {suggest(name, PERCEPTORS)}")
    return PERCEPTORS[name]


def load_generator(name: str, place: ModelPlace) -> Generator:
    """Load a generator. Raises ShowError if it is unknown, not installed or damaged."""
    spec = generator_spec(name)
    if not spec.installed(place):
        raise not_installed(name, place)
    return spec.load(place)


def load_perceptor(name: str, place: ModelPlace) -> Perceptor:
    """Load a perceptor. Raises ShowError if it is unknown, not installed or damaged."""
    spec = perceptor_spec(name)
    if not spec.installed(place):
        raise not_installed(name, place)
    return spec.load(place)


def load_listener(place: ModelPlace) -> SoundNamer:
    """Load what says which words a sound stands for. Raises ShowError if it is not installed or damaged."""
    if not LISTENER.installed(place):
        raise not_installed(LISTENER.name, place)
    return LISTENER.load(place)


def not_installed(name: str, place: ModelPlace) -> ShowError:
    """The error for a model that is not installed: a show never downloads."""
    spec = next(spec for spec in (*all_specs(), *_OTHERS) if spec.name == name)
    if spec.missing_packages:
        return ShowError(f"'{name}' needs packages that are not installed: {pip_install(spec.extra)}.")
    return ShowError(f"'{name}' is not in {place.cache}: install it with `run_show.py fetch {name}`.")
