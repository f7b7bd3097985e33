"""Services: the files for every platform, and a real systemd that replaces a show which presents no frames."""

from __future__ import annotations

import plistlib
from dataclasses import replace
from pathlib import Path

import pytest

from installation.cli.main import main
from installation.site.service import Service, files, launch_agent, logon_task
from tests.conftest import require_package
from tests.site.user_systemd import under_systemd

SERVICE = Service(
    "laterna-poem",
    ("/opt/py thon", "-m", "installation", "play", "a & b.toml"),
    Path("/home/wall"),
    "WALL\\poet & friends",
)


def test_each_platform_has_its_file() -> None:
    home = Path("/home/wall")
    assert [str(path) for name in ("linux", "darwin", "win32") for path in files(SERVICE, name, home)] == [
        "/home/wall/.config/systemd/user/laterna-poem.service",
        "/home/wall/Library/LaunchAgents/org.laterna-poem.plist",
        "/home/wall/AppData/Local/Laterna/laterna-poem.xml",
    ]


def test_the_agent_of_launchd_is_a_property_list_of_known_keys() -> None:
    agent = plistlib.loads(launch_agent(SERVICE))
    assert {key: type(value) for key, value in agent.items()} == {  # as launchd.plist(5) describes them
        "Label": str,
        "ProgramArguments": list,
        "WorkingDirectory": str,
        "RunAtLoad": bool,
        "KeepAlive": bool,
        "ThrottleInterval": int,
        "ExitTimeOut": int,
        "ProcessType": str,
    }
    (path,) = files(SERVICE, "darwin", Path("/home/wall"))
    assert (agent["ProgramArguments"], agent["Label"]) == (list(SERVICE.command), path.stem)


def test_the_task_of_windows_is_valid_and_runs_the_command_for_its_user() -> None:
    etree = require_package("lxml.etree")
    (content,) = files(SERVICE, "win32", Path("/home/wall")).values()
    task = etree.fromstring(content)
    schema = etree.XMLSchema(etree.parse(str(Path(__file__).with_name("logon_task.xsd"))))
    assert schema.validate(task), schema.error_log
    texts = {element.tag.rpartition("}")[2]: element.text for element in task.iter()}
    assert (texts["Command"], texts["Arguments"]) == ("/opt/py thon", '-m installation play "a & b.toml"')
    assert [element.text for element in task.iter("{*}UserId")] == ["WALL\\poet & friends"] * 2
    nobody = replace(SERVICE, user="")
    assert not schema.validate(etree.fromstring(logon_task(nobody).encode("utf-16")))


def test_a_dry_run_prints_the_unit_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["install-service", "poem", "--dry-run", "--", "--fullscreen"]) == 0
    printed = capsys.readouterr().out
    assert ("KillMode=mixed" in printed, "StartLimitIntervalSec=0" in printed) == (True, True)
    assert '"play" "poem" "--set" "log.log_folder=logs" "--window" "--fullscreen"' in printed
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_does_not_exist_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["uninstall-service", "poem"]) == 2
    assert "There is no service laterna-poem" in capsys.readouterr().err


SCRIPT = """
laterna install-service wall.toml -- --headless
wait_for '[ "$(systemctl --user is-active laterna-wall)" = active ]'
first=$(pid); kill -STOP $first   # alive, but it presents nothing
wait_for '[ "$(pid)" != $first ] && [ "$(systemctl --user is-active laterna-wall)" = active ]'
second=$(pid); kill -KILL $second
wait_for '[ "$(pid)" != $second ] && [ "$(systemctl --user is-active laterna-wall)" = active ]'
echo "restarts $(systemctl --user show -P NRestarts laterna-wall)"
laterna uninstall-service wall.toml
wait_for '! systemctl --user is-active laterna-wall >/dev/null'
"""
SHOW = """
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [160, 90]
[osc]
enabled = false
[web]
enabled = false
"""


@pytest.mark.slow
def test_systemd_replaces_a_show_that_stands_still_or_dies(tmp_path: Path) -> None:
    (tmp_path / "wall.toml").write_text(SHOW)
    restarts = int(under_systemd(SCRIPT, tmp_path).rpartition("restarts ")[2].split()[0])
    assert restarts >= 2  # more where a busy machine presents nothing for so long
    assert not (tmp_path / ".config/systemd/user/laterna-wall.service").exists()
