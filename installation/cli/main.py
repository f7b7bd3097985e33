"""The command line: all commands, and what happens with their errors.

A mistake of the operator prints one sentence to the error stream and ends with exit status 2.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import typer

from installation import __version__
from installation.cli.commands import COMMANDS, EXAMPLES, PROGRAM, with_command
from installation.core import clock
from installation.core.errors import ShowError
from installation.core.os_support import process_age

INTERRUPTED = 130  # the exit status after Ctrl-C
MIN_TYPO_SIMILARITY = 0.75  # difflib's ratio, 0 to 1, from which on a word is taken for a misspelt command
ABOUT = f"Laterna: spoken and typed words become moving pictures. `{PROGRAM} SHOW` is short for `{PROGRAM} play SHOW`."


def _application(names: Iterable[str]) -> typer.Typer:
    """The command line with these commands. No other module of a command is imported: a show opens sooner."""
    app = typer.Typer(help=ABOUT, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback(help=ABOUT)(lambda: None)  # with it, a single command too is called by its name
    for name in names:
        command = getattr(import_module(f"installation.cli.{COMMANDS[name]}"), name.replace("-", "_"))
        summary = (command.__doc__ or "").partition("\n")[0]  # typer would cut it at 45 characters
        example = EXAMPLES.get(name)
        app.command(name, short_help=summary, epilog=f"Example: {example}" if example else None)(command)
    return app


def main(arguments: list[str]) -> int:
    """Runs a command line and returns the exit status."""
    began = clock.now() - process_age()
    _replace_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # so that no prompt in any script fails to print
    arguments = _with_optional_value(arguments, "--mic")
    if arguments == ["--version"]:
        print(f"Laterna {__version__}")
        return 0
    try:
        if with_command(arguments) != arguments:
            _check_command(arguments[0] if arguments else "")
            arguments = with_command(arguments)
        app = _application(COMMANDS if arguments[0] == "--help" else arguments[:1])
        status = app(arguments, standalone_mode=False, prog_name=PROGRAM, obj=began)
    except typer.exceptions.TyperException as error:
        example = EXAMPLES.get(arguments[0])
        return _fail(_sentence(error.format_message()) + (f" For example: {example}" if example else ""))
    except typer.Abort:
        return INTERRUPTED
    except ShowError as error:
        return _fail(str(error))
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return _fail(str(ShowError(f"the name {error.filename} is too long.")))
    if status == INTERRUPTED:
        print("laterna: interrupted; what is finished is kept.", file=sys.stderr)
    return int(status or 0)


def _replace_missing_streams() -> None:
    """Use the null device for standard streams that do not exist, as under `pythonw`, a service, or `>&-`.

    Otherwise the next file that is opened would get the descriptor, and whatever a library prints would go into it.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor: this one
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 -- open until the exit


def _check_command(name: str) -> None:
    """Raise ShowError if a name is neither an option, a show nor a path, but close to the name of a command."""
    from installation.show.loader import shows

    close = get_close_matches(name, COMMANDS, 1, MIN_TYPO_SIMILARITY)
    if close and not name.startswith("-") and name not in shows() and not Path(name).suffix:
        raise ShowError(f"there is no command or show '{name}'; did you mean '{close[0]}'?")


def _with_optional_value(arguments: list[str], option: str) -> list[str]:
    """Adds an empty value to an option that has none, so that `--mic` works as well as `--mic NAME`."""
    if option not in arguments:
        return arguments
    after = arguments.index(option) + 1
    alone = after == len(arguments) or arguments[after].startswith("--")
    return [*arguments[:after], *([""] if alone else []), *arguments[after:]]


def _fail(sentence: str) -> int:
    print(f"laterna: {sentence}", file=sys.stderr)
    return 2


def _sentence(message: str) -> str:
    return " ".join(message.split()).rstrip(".") + "."
