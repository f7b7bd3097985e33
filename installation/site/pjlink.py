"""PJLink, class 1: the power of a projector over the network (JBMIA, PJLink Specifications 5.1, 2013)."""

from __future__ import annotations

import hashlib
import socket
from typing import BinaryIO

from installation.core.errors import LaternaError

PORT = 4352
TIMEOUT_SECONDS = 5.0
MAX_LINE_BYTES = 136 + 2
POWER = {"0": "off", "1": "on", "2": "cooling", "3": "warming"}
ERRORS = {
    "ERR1": "it does not know the command",
    "ERR2": "the parameter is out of range",
    "ERR3": "it is not ready",
    "ERR4": "it has failed",
}


class ProjectorError(LaternaError):
    """A projector did not do, or say, what was asked."""


def power(host: str, port: int, password: str) -> str:
    """The state of the lamp: off, on, cooling or warming. Raises ProjectorError."""
    answer = ask(host, port, password, "POWR ?")
    if answer not in POWER:
        raise ProjectorError(f"The projector at {host} answers '{answer}' to a question about its power.")
    return POWER[answer]


def switch(host: str, port: int, password: str, on: bool) -> None:
    """Ask for the lamp to be switched; `power` tells when it is done. Raises ProjectorError."""
    answer = ask(host, port, password, f"POWR {int(on)}")
    if answer != "OK":
        raise ProjectorError(f"The projector at {host} answers '{answer}'.")


def ask(host: str, port: int, password: str, command: str) -> str:
    """Send one command and return what follows the "=" of the answer. Raises ProjectorError."""
    try:
        with socket.create_connection((host, port), TIMEOUT_SECONDS) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            lines = connection.makefile("rb")
            digest = _digest(_read_line(lines).decode("ascii", "replace").split(), host, password)
            connection.sendall(f"{digest}%1{command}\r".encode("ascii"))
            answer = _read_line(lines).decode("ascii", "replace")
    except OSError as error:
        raise ProjectorError(f"The projector at {host} cannot be reached: {error.strerror or error}.") from None
    if answer == "PJLINK ERRA":
        raise ProjectorError(f"The projector at {host} refuses the password.")
    name, equals, value = answer.partition("=")
    if not equals or name.upper() != f"%1{command[:4]}":
        raise ProjectorError(f"The projector at {host} does not speak PJLink: it answers '{answer[:40]}'.")
    if value in ERRORS:
        raise ProjectorError(f"The projector at {host} refuses: {ERRORS[value]}.")
    return value


def _digest(greeting: list[str], host: str, password: str) -> str:
    """What precedes the first command: the hash of the random number and the password, if one is needed."""
    match greeting:
        case ["PJLINK", "0", *_]:
            return ""
        case ["PJLINK", "1", random] if password:
            return hashlib.md5(f"{random}{password}".encode(), usedforsecurity=False).hexdigest()
        case ["PJLINK", "1", *_]:
            raise ProjectorError(f"The projector at {host} needs a password: set projector.password.")
    raise ProjectorError(f"The projector at {host} does not speak PJLink.")


def _read_line(stream: BinaryIO) -> bytes:
    """One line without its end, which is a carriage return. Raises ProjectorError if there is none."""
    line = bytearray()
    while len(line) < MAX_LINE_BYTES:
        byte = stream.read(1)
        if byte in (b"\r", b""):
            return bytes(line)
        line += byte
    raise ProjectorError("The projector does not speak PJLink: its line does not end.")
