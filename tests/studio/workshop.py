"""The workshop as a notebook: `python -m tests.studio.workshop` writes `shows/workshop.ipynb` from `workshop.md`."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from installation.core.paths import SHOWS

MARKDOWN, NOTEBOOK = SHOWS / "workshop.md", SHOWS / "workshop.ipynb"
POEM = "The fox runs out into the snow\nNobody saw it => a dark forest at night\nand then the sea\n"
PICTURES = (".png", ".gif")

_BLOCK = re.compile(r"```sh\n(.*?)```\n", re.DOTALL)
_SETUP = f"""import os
import pathlib
import sys

root = next(folder for folder in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (folder / "run_show.py").exists())
run_show = f"{{sys.executable}} {{root / 'run_show.py'}}"
work = pathlib.Path(os.environ.get("LATERNA_WORKSHOP", root / "workshop"))
work.mkdir(exist_ok=True)
os.chdir(work)
pathlib.Path("poem.txt").write_text({POEM!r})"""


def commands() -> list[str]:
    """Every command of the workshop, in order."""
    blocks = _BLOCK.findall(MARKDOWN.read_text(encoding="utf-8"))
    return [row for block in blocks for row in block.splitlines() if row]


def notebook() -> dict[str, Any]:
    """The notebook: a cell for each text and command, and one for each picture that a command writes."""
    parts = _BLOCK.split(MARKDOWN.read_text(encoding="utf-8"))
    cells = [_cell("code", _SETUP)]
    for index, part in enumerate(parts):
        if index % 2 == 0:
            cells += [_cell("markdown", part.strip())] if part.strip() else []
            continue
        for command in part.splitlines():
            cells.append(_cell("code", _shell(command)))
            cells += [_cell("code", _display(name)) for name in _pictures(command)]
    numbered = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": numbered, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def text() -> str:
    """The notebook as it is stored."""
    return json.dumps(notebook(), indent=1, ensure_ascii=False) + "\n"


def _shell(command: str) -> str:
    """A command that stops the notebook when it fails."""
    return f"assert os.system(run_show + r''' {command.removeprefix('run_show.py ')}''') == 0"


def _display(name: str) -> str:
    return f'from IPython.display import Image\n\nImage("{name}")'


def _pictures(command: str) -> list[str]:
    words = shlex.split(command)
    named = [words[index + 1] for index, word in enumerate(words[:-1]) if word == "-o"]
    return [name for name in named if name.endswith(PICTURES)]


def _cell(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell


if __name__ == "__main__":
    NOTEBOOK.write_text(text(), encoding="utf-8")
