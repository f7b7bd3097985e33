from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from installation.models.image_files import read_image
from tests.running import ROOT
from tests.studio import workshop

EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
notebook.cells.insert(0, nbformat.v4.new_code_cell(sys.argv[3]))
NotebookClient(notebook, timeout=600, resources={"metadata": {"path": sys.argv[2]}}).execute()
"""
# The commands run in the notebook's own process, which imports torch once, with two iterations of each picture and two
# seeds at most; a show of several processes does not, and plays for four seconds.
IN_PROCESS = """
import os, re, shlex, sys
sys.path.insert(0, os.getcwd())
from installation.cli.main import main
start = os.system
def run(command):
    for option, less in ("--iterations [0-9]+", "--iterations 2"), ("--seeds 1-[34]", "--seeds 1-2"):
        command = re.sub(option, less, command)
    arguments = shlex.split(command)[2:]
    return start(command.replace("--seconds 12", "--seconds 4")) if "rehearsal" in arguments else main(arguments)
os.system = run
"""


def test_the_notebook_is_the_page() -> None:
    assert workshop.NOTEBOOK.read_text(encoding="utf-8") == workshop.text(), "run python -m tests.studio.workshop"


@pytest.mark.slow
def test_every_command_of_the_workshop_runs_in_the_notebook(tmp_path: Path) -> None:
    environment = {**os.environ, "LATERNA_WORKSHOP": str(tmp_path / "work"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", EXECUTE, str(workshop.NOTEBOOK), str(ROOT), IN_PROCESS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    words = [shlex.split(each) for each in workshop.commands()]
    outputs = [row[index + 1] for row in words for index, word in enumerate(row[:-1]) if word == "-o"]
    missing = [name for name in outputs if not (tmp_path / "work" / name).is_file()]
    assert (missing, len(outputs) > 15) == ([], True)
    assert read_image(tmp_path / "work" / "fox.png").shape == (360, 640, 3)
    assert "picture = line-1.safetensors" in (tmp_path / "work" / "poem.txt").read_text()
