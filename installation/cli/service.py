"""The commands `install-service` and `uninstall-service`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from installation.site.service import Service

Show = Annotated[str, typer.Argument(help="Name of a show, or path of a TOML file.")]


def install_service(
    show: Show,
    options: Annotated[list[str] | None, typer.Argument(help="Options of `play`, after --.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Print the files and commands, and change nothing.")] = False,
) -> int:
    """Install a show as a service: it starts at log-in, and again whenever it ends or presents no more frames."""
    from installation.show.loader import load_show
    from installation.site import service as services

    load_show(show, confined="--trust" not in (options or []))
    made = _service(show, options or [])
    (path, content), *_ = services.files(made, sys.platform, Path.home()).items()
    commands = services.starting(made, sys.platform, path)
    if dry_run:
        print(f"# {path}\n{content.decode('utf-16' if sys.platform == 'win32' else 'utf-8')}")
        print("\n".join(" ".join(command) for command in commands))
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    services.run_all(commands)
    print(f"{made.name} starts now, and at each log-in. It is defined in {path}.")
    if sys.platform == "linux":
        print(f"Its output: journalctl --user -u {made.name}. To start it without a log-in: loginctl enable-linger.")
    return 0


def uninstall_service(show: Show) -> int:
    """End the service of a show and remove it."""
    from installation.core.errors import ShowError
    from installation.site import service as services

    made = _service(show, [])
    (path,) = services.files(made, sys.platform, Path.home())
    if not path.exists():
        raise ShowError(f"There is no service {made.name}: {path} does not exist.")
    services.run_all(services.stopping(made, sys.platform, path))
    path.unlink()
    print(f"{made.name} has ended and is removed.")
    return 0


def _service(show: str, options: list[str]) -> Service:
    from installation.show.loader import show_path
    from installation.site.service import Service

    path = Path(show)
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "show"
    played = str(show_path(show).resolve()) if path.suffix else show
    window = [] if "--headless" in options else ["--window"]
    log = ("--set", "log.log_folder=logs")
    command = (sys.executable, "-m", "installation", "play", played, *log, *window, *options)
    user = "\\".join(os.environ[each] for each in ("USERDOMAIN", "USERNAME") if os.environ.get(each))
    return Service(f"laterna-{name}", command, Path.cwd(), user)
