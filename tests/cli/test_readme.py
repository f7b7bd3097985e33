"""The README says what is true."""

from __future__ import annotations

import re

from installation.core.params import reference_rows
from installation.models import OPEN_CLIP
from installation.show.loader import parse_show
from tests.running import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_parameters_is_the_one_of_the_program() -> None:
    rows = ["| " + " | ".join(cells) + " |" for cells in reference_rows()]
    assert "\n".join(rows) in README


def test_the_show_file_of_the_readme_is_one() -> None:
    whole, commands, ancestors = (parse_show(text) for text in re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
    assert len(whole.cue) == 2
    assert commands.listen.commands == {"open sesame": "go", "calm down": "walk/speed = 0.1"}
    assert set(ancestors.models.perceptors) <= set(OPEN_CLIP)


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
