"""The command line: every command has a help text, and a mistake is one sentence."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from installation import __version__
from installation.cli.commands import COMMANDS, with_command
from installation.cli.main import ABOUT, main
from tests.running import ROOT


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert ABOUT.split(".", maxsplit=1)[0] in printed
    assert re.findall(r"^  ([\w-]+) ", printed.split("Commands:")[1], re.MULTILINE) == list(COMMANDS)
    assert "..." not in printed.split("Commands:")[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_has_a_help_text(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    printed = capsys.readouterr().out
    usage, description = printed.split("\n\n")[:2]
    assert usage.startswith(f"Usage: run_show.py {name}")
    assert re.match(r"  [A-Z].+", description)
    options = re.findall(r"^  (-.+(?:\n   .+)*)", printed, re.MULTILINE)
    assert options
    assert [option for option in options if len(re.split(r" {2,}", option.replace("\n", "  "))) < 2] == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["imagine"], "Say what the picture should show: run_show.py imagine 'a red sun over the sea'."),
        (["imagine", "a cat", "--seeds"], "run_show.py imagine 'a red sun over the sea' -o sun.png"),
        (["bank"], "For example: run_show.py bank biggan-deep-256 --perceptor RN50-quickgelu"),
        (["transcribe"], "For example: run_show.py transcribe talk.wav"),
        (["play", "--sed", "1"], "No such option: --sed"),
        (["first_ligth"], "first_light"),
        (["docter"], "there is no command or show 'docter'; did you mean 'doctor'?"),
        (["play", "--set", "walk/speed=7"], "--set walk/speed: 'walk/speed' takes a number from 0 to 1, not 7."),
    ],
)
def test_a_mistake_is_one_line_with_an_example_or_a_suggestion(
    arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr().err
    assert error in printed
    assert re.fullmatch(r"laterna: [^\n]+\.?\n", printed)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"Laterna {__version__}\n"


def test_the_command_line_starts_without_torch_and_without_a_window_library() -> None:
    check = "import sys, installation.cli.main; print(*({'torch', 'pygame', 'rich.table'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("size", ["0x0", "-5x720", "60000x60000", "1280", "1280x720x3", "²x720", "9" * 5_000 + "x1"])
def test_a_size_that_no_picture_can_have_is_reported(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imagine", "a fox", "-o", "fox.png", "--size", size]) == 2
    said = capsys.readouterr().err
    assert said.startswith("laterna: --size takes WIDTHxHEIGHT of 64 to 8192 pixels each, such as 1280x720, not '")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "command"),
    [([], "play"), (["first_light"], "play"), (["--seconds", "1"], "play"), (["imagine", "x"], "imagine")],
)
def test_a_command_line_without_a_command_plays_a_show(arguments: list[str], command: str) -> None:
    assert with_command(arguments)[0] == command
