"""The HTML page of a storyboard, where a click chooses: opened as a file, or served on this machine alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.core.paths import write_whole
from installation.studio.storyboard import Picks, Source, notice_of

PAGE = "index.html"
HOST = "127.0.0.1"
MAX_BODY = 100_000  # bytes

Choose = Callable[[Picks], Sequence[Path]]  # pins the picks; returns what was written

_STYLE = """
:root { color-scheme: dark }
body { margin: 0 auto; max-width: 1400px; padding: 1rem 1.5rem 6rem; background: #131118; color: #fff8ec;
  font: 17px/1.4 Georgia, serif }
h1 { font-weight: 500; font-size: 1.5rem } h2 { font-weight: 400; font-style: italic; font-size: 1.2rem; margin: 0 }
section { margin: 1.6rem 0 } small { color: #a89f90 } .notice { margin: 0; font-size: .9rem; color: #ffc46b }
.row { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 14px; margin-top: .5rem }
label { position: relative; cursor: pointer }
input { position: absolute; opacity: 0 }
img { display: block; width: 100%; border-radius: 4px; outline: 3px solid transparent; outline-offset: 2px }
input:checked + img { outline-color: #ffc46b } input:focus-visible + img { outline-color: #fff }
footer { position: fixed; inset: auto 0 0 0; padding: .8rem 1.5rem; background: #1d1a25; display: flex; gap: 1rem;
  align-items: center; flex-wrap: wrap }
button { font: inherit; padding: .4rem 1rem; border: 0; border-radius: 4px; background: #ffc46b; color: #131118;
  cursor: pointer }
code { flex: 1; overflow-wrap: anywhere; font-size: .85rem; color: #d8cfc0; user-select: all }
"""
_SCRIPT = """
const picks = () => Object.fromEntries([...document.querySelectorAll("input:checked")].map(i => [i.name, +i.value]));
const command = document.querySelector("code"), note = document.querySelector("#note");
const served = location.protocol.startsWith("http");
const show = () => { command.textContent = document.body.dataset.command +
  Object.entries(picks()).map(([line, seed]) => ` --pick ${line}:${seed}`).join(""); };
document.addEventListener("change", show); show();
document.querySelector("button").textContent = served ? "Pin these pictures" : "Save the choice";
document.querySelector("button").addEventListener("click", async () => {
  if (!served) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(picks(), null, 2)], {type: "application/json"}));
    link.download = "picks.json"; link.click();
    note.textContent = "Saved as picks.json: run the command, or add --picks picks.json to it."; return;
  }
  const answer = await fetch("pick", {method: "POST", body: JSON.stringify(picks()),
    headers: {"Content-Type": "application/json"}});
  note.textContent = await answer.text();
});
"""


def write_page(
    source: Source, rows: Sequence[Sequence[Path]], seeds: Sequence[int], folder: Path, command: str
) -> Path:
    """Write the page into the folder of the pictures. `command` is what the page completes with `--pick`.

    Raises:
        OSError: It cannot be written.
    """
    sections = []
    for entry, pictures in zip(source.entries, rows, strict=True):
        choices = "".join(
            f'<label><input type="radio" name="{entry.number}" value="{seed}">'
            f'<img src="{escape(path.name)}" alt="seed {seed}" loading="lazy"><small>seed {seed}</small></label>'
            for path, seed in zip(pictures, seeds, strict=True)
        )
        prompt = f"<small>{escape(entry.prompt)}</small>" if entry.prompt != entry.title else ""
        title = f"{entry.number} &nbsp;{escape(entry.title)}"
        notice = f'<p class="notice">{escape(told)}</p>' if (told := notice_of(pictures)) else ""
        sections.append(f'<section><h2>{title}</h2>{prompt}{notice}<div class="row">{choices}</div></section>')
    name = escape(Path(source.name).stem)
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>Storyboard of {name}</title><style>{_STYLE}</style><body data-command="{escape(command)}">'
        f"<h1>Storyboard of {name}</h1>{''.join(sections)}"
        "<footer><button></button><span id=note></span><code></code></footer>"
        f"<script>{_SCRIPT}</script></body></html>\n"
    )
    path = folder / PAGE
    write_whole(path, page.encode())
    return path


def serve(folder: Path, choose: Choose, port: int = 0) -> ThreadingHTTPServer:
    """Return a server of the page on the loopback address; the caller runs `serve_forever`.

    Raises:
        ShowError: The port is taken.
    """
    try:
        return ThreadingHTTPServer((HOST, port), partial(_Handler, choose, directory=str(folder)))
    except OSError as error:
        raise ShowError(f"The page cannot be served on port {port}: {error.strerror}.") from None


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, choose: Choose, *arguments: Any, **keywords: Any) -> None:
        self._choose = choose
        super().__init__(*arguments, **keywords)

    def do_POST(self) -> None:
        """Pin the picks in the body."""
        # another site in the operator's browser can neither send this type without asking nor name this host
        local = self.headers.get("Host", "").partition(":")[0] in (HOST, "localhost")
        length = self.headers.get("Content-Length", "")
        if self.path != "/pick" or not local or self.headers.get_content_type() != "application/json":
            self._answer(403, "This is not a choice of the storyboard's page.")
        elif not length.isdigit() or int(length) > MAX_BODY:
            self._answer(413, "The choice is too long.")
        else:
            self._pick(self.rfile.read(int(length)))

    def _pick(self, body: bytes) -> None:
        try:
            written = self._choose(read_picks(body.decode("utf-8"), "the choice"))
        except (ShowError, UnicodeDecodeError) as error:
            self._answer(400, str(error))
        else:
            self._answer(200, f"Pinned: {', '.join(path.name for path in written) or 'nothing'}.")

    def _answer(self, status: int, sentence: str) -> None:
        data = sentence.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing."""


def read_picks(text: str, where: str) -> dict[int, int]:
    """Parse the choice that the page sends or saves: {"3": 2}. Raises ShowError if it is something else."""
    try:
        return {int(number): int(seed) for number, seed in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise ShowError(f'{where} is no choice of a storyboard, such as {{"3": 2}}.') from None
