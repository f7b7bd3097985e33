"""What the documents say is true: links, show files, commands, modules."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from installation.cli.commands import COMMANDS
from installation.control.osc_dispatch import VERBS, address_of
from installation.core.params import PARAMS
from installation.show.loader import parse_show, shows
from tests.running import ROOT

SITE = "installation/site"
FOLDERS = (
    *(
        "",
        "assets",
        "installation",
        "installation/control",
        "installation/control/broker",
        "installation/control/walls",
        SITE,
    ),
    *("installation/runtime", "installation/studio", "shows", "tests"),
)
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for folder in FOLDERS
    for path in sorted((ROOT / folder).glob("*.md"))
}

each_document = pytest.mark.parametrize("document", DOCUMENTS)


def found(pattern: str, flags: int = 0) -> list[str]:
    """What the pattern finds in all documents; a test that looks for nothing proves nothing."""
    each = [match for text in DOCUMENTS.values() for match in re.findall(pattern, text, flags)]
    assert each
    return each


@each_document
def test_every_linked_file_exists(document: str) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)\)", DOCUMENTS[document])
    folder = (ROOT / document).parent
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_show_file_in_a_document_loads() -> None:
    for text in found(r"```toml\n(.*?)```", re.DOTALL):
        parse_show(text)


def test_every_command_in_a_document_exists() -> None:
    known = {*COMMANDS, *shows()}
    assert set(found(r"run_show\.py ([a-z][a-z_-]*)\b(?![/.])")) - known == set()


def test_every_module_in_a_document_exists() -> None:
    modules = set(found(r"python -m ((?:installation|tests)[\w.]*)"))
    assert {name for name in modules if find_spec(name) is None} == set()


def test_every_folder_of_tests_is_described() -> None:
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/__init__.py")}
    text = DOCUMENTS[str(Path("tests") / "README.md")]
    assert {folder for folder in folders if f"`{folder}/`" not in text} == set()


def test_the_readme_has_at_most_200_lines() -> None:
    assert len(DOCUMENTS["README.md"].splitlines()) <= 200


def test_every_address_in_a_document_exists() -> None:
    known = {address_of(name) for name in (*PARAMS, *VERBS)}
    assert {address for address in found(r"(/laterna/[a-zA-Z/]+[a-zA-Z])\b(?![*{/])") if address not in known} <= {
        "/laterna/error",
        "/laterna/pong",
        "/laterna/pong/address",
    }
