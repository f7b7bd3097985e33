"""Gateways as processes of their own, and phones that use them."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.running import ROOT
from tests.workers import PATIENCE

AUDIENCE = "title = 'Evening'\n[audience]\nquestion = 'What do you see?'\nmax_characters = 40\n"


class Gateway:
    """`run_show.py audience SHOW --broker URL` on a free port."""

    def __init__(self, show: Path, url: str, *options: str) -> None:
        command = [sys.executable, str(ROOT / "run_show.py"), "audience", str(show), "--broker", url, "--port", "0"]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        said = self.process.stdout.readline()
        assert said.startswith("The audience page is at http://127.0.0.1:"), said
        self.port = int(said.split(":")[2].partition("/")[0])

    def end(self) -> None:
        """Kill it: it has nothing to lose."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    def phone(self) -> Phone:
        """A phone that has opened the page."""
        phone = Phone(self.port)
        page = phone.request("GET", "/audience")
        assert page.status == 200
        phone.cookie = str(page.getheader("Set-Cookie")).partition(";")[0]
        return phone


class Phone:
    """One visitor."""

    def __init__(self, port: int) -> None:
        self.port, self.cookie = port, ""

    def request(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """The response; `content` is its body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {"Content-Type": "application/x-www-form-urlencoded", **({"Cookie": self.cookie} if self.cookie else {})}
        try:
            connection.request(method, path, body, sent | (headers or {}))
            response = connection.getresponse()
            response.content = response.read()  # type: ignore[attr-defined]
            return response
        finally:
            connection.close()

    def say(self, number: str, text: str, **headers: str) -> http.client.HTTPResponse:
        return self.request("POST", "/audience/words", urlencode({"id": number, "text": text}), headers)

    def mine(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.request("GET", "/audience/mine").content)  # type: ignore[attr-defined]
        return rows


@contextmanager
def running_gateway(folder: Path, url: str, *options: str, rules: str = "") -> Iterator[Gateway]:
    """A gateway that is ended with the block; `rules` are further lines of the table [audience]."""
    show = folder / "evening.toml"
    show.write_text(AUDIENCE + rules)
    gateway = Gateway(show, url, *options)
    try:
        yield gateway
    finally:
        gateway.end()
