"""The command `audience`, where it cannot serve."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from installation.cli.main import main
from tests.control.broker.redis_server import running_redis
from tests.running import free_port


def sentence(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["audience", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def test_a_show_without_a_broker_is_told_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--broker redis://" in sentence(capsys, "rehearsal")


def test_without_the_package_there_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    assert "pip install redis" in sentence(capsys, "rehearsal", "--broker", "redis://127.0.0.1")


def test_a_broker_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    assert f"127.0.0.1:{port} is not there" in sentence(capsys, "rehearsal", "--broker", f"redis://127.0.0.1:{port}")


@pytest.mark.parametrize("option", ["socket_timeout=x", "nonsense=1", "protocol=7", "retry=often"])
def test_a_wrong_option_of_the_address_is_named(capsys: pytest.CaptureFixture[str], option: str) -> None:
    error = sentence(capsys, "rehearsal", "--broker", f"redis://:secret@127.0.0.1:{free_port()}?{option}")
    assert f"wrong or unknown option: {option.partition('=')[0]}." in error
    assert "secret" not in error


def test_the_environment_names_a_broker_instead_of_the_show_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    port, show = free_port(), tmp_path / "evening.toml"
    show.write_text('[[surface]]\nkind = "broker"\nurl = "redis://127.0.0.1:1"\n')
    monkeypatch.setenv("LATERNA_BROKER", f"redis://:secret@127.0.0.1:{port}")
    error = sentence(capsys, str(show))
    assert f"127.0.0.1:{port} is not there" in error
    assert "secret" not in error


def test_a_broker_that_may_lose_words_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with running_redis(tmp_path, ("--appendonly", "no")) as careless:
        assert "may lose words" in sentence(capsys, "rehearsal", "--broker", careless.url)


def test_the_broker_of_the_show_file_is_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    port = free_port()
    show = tmp_path / "evening.toml"
    show.write_text(f'[[surface]]\nkind = "broker"\nurl = "redis://:secret@127.0.0.1:{port}"\n')
    error = sentence(capsys, str(show))
    assert f"127.0.0.1:{port} is not there" in error
    assert "secret" not in error
