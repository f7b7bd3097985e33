"""Installs a show as a service of the user who is logged in: systemd on Linux, launchd on macOS, a task on Windows.

On Linux the manager hears from the show whenever a frame is presented (see `service_notify`): a show that is alive but
presents nothing is replaced. launchd and the Windows task replace a show that ends.
"""

from __future__ import annotations

import plistlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from installation.core.errors import ShowError

WATCHDOG_SECONDS = 30  # without a presented frame, after which systemd replaces the show
START_SECONDS = 120  # until the first presented frame
STOP_SECONDS = 90  # for the recorder to finish its file
RESTART_SECONDS = 5


@dataclass(frozen=True)
class Service:
    """What is to run: a command, in a folder, under a name such as `laterna-poem`."""

    name: str
    command: tuple[str, ...]
    folder: Path
    user: str = ""  # who logs in, for Windows: DOMAIN\\name


def files(service: Service, platform: str, home: Path) -> dict[Path, bytes]:
    """The files that define the service on a platform of `sys.platform`, by path."""
    if platform == "linux":
        return {home / ".config/systemd/user" / f"{service.name}.service": systemd_unit(service).encode()}
    if platform == "darwin":
        return {home / "Library/LaunchAgents" / f"org.{service.name}.plist": launch_agent(service)}
    if platform == "win32":
        return {home / "AppData/Local/Laterna" / f"{service.name}.xml": logon_task(service).encode("utf-16")}
    raise ShowError(f"There is no service manager that Laterna knows on {platform}.")


def starting(service: Service, platform: str, path: Path) -> list[list[str]]:
    """The commands that make the service manager start it, now and at each log-in."""
    if platform == "linux":
        manager = ["systemctl", "--user"]  # it does not wait: a machine without a display yet has its show later
        return [
            [*manager, "daemon-reload"],
            [*manager, "enable", service.name],
            [*manager, "--no-block", "restart", service.name],
        ]
    if platform == "darwin":
        return [["launchctl", "load", "-w", str(path)]]
    return [
        ["schtasks", "/Create", "/TN", service.name, "/XML", str(path), "/F"],
        ["schtasks", "/Run", "/TN", service.name],
    ]


def stopping(service: Service, platform: str, path: Path) -> list[list[str]]:
    """The commands that end it, and start it no more."""
    if platform == "linux":
        return [["systemctl", "--user", "disable", "--now", service.name]]
    if platform == "darwin":
        return [["launchctl", "unload", "-w", str(path)]]
    return [["schtasks", "/End", "/TN", service.name], ["schtasks", "/Delete", "/TN", service.name, "/F"]]


def run_all(commands: Sequence[Sequence[str]]) -> None:
    """Run commands of the service manager. Raises ShowError with what the first one that fails has said."""
    for command in commands:
        try:
            ended = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            raise ShowError(f"{command[0]} cannot be run: {error.strerror}.") from None
        if ended.returncode:
            said = (ended.stderr or ended.stdout).strip().splitlines()
            raise ShowError(f"`{' '.join(command)}` failed: {said[-1] if said else f'status {ended.returncode}'}")


def systemd_unit(service: Service) -> str:
    """The unit. It never gives up (no start limit), and ends main first, so that the recorder finishes its file."""
    command = " ".join(_quoted(part) for part in service.command)
    return f"""[Unit]
Description=Laterna, the show {service.name.removeprefix("laterna-")}
PartOf=graphical-session.target
After=graphical-session.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
WorkingDirectory={str(service.folder).replace("%", "%%")}
WatchdogSec={WATCHDOG_SECONDS}
TimeoutStartSec={START_SECONDS}
TimeoutStopSec={STOP_SECONDS}
Restart=always
RestartSec={RESTART_SECONDS}
KillMode=mixed

[Install]
WantedBy=default.target
"""


def _quoted(text: str) -> str:
    """A word of a command line of systemd, which expands % and $."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def launch_agent(service: Service) -> bytes:
    """The property list of a launchd agent."""
    return plistlib.dumps(
        {
            "Label": f"org.{service.name}",
            "ProgramArguments": list(service.command),
            "WorkingDirectory": str(service.folder),
            "RunAtLoad": True,
            "KeepAlive": True,
            "ThrottleInterval": RESTART_SECONDS,
            "ExitTimeOut": STOP_SECONDS,
            "ProcessType": "Interactive",
        }
    )


def logon_task(service: Service) -> str:
    """The task that starts at log-on; services of Windows have no desktop. It starts the show again each minute.

    Only an administrator may define a task for the log-on of any user, so that it names this one.
    """
    program, *arguments = service.command
    user = escape(service.user)
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <LogonTrigger><Repetition><Interval>PT1M</Interval></Repetition><UserId>{user}</UserId></LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>
      <WorkingDirectory>{escape(str(service.folder))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
