"""How fast the operator page is: until it can be used, and from a fader on one page to the other page.

The show is the rehearsal, in processes of its own; the browser is headless Chromium on the same machine.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tests.control.web.browser import DESKTOP, PHONE, opened, running_browser
from tests.control.web.test_pages import SHOW, Served, free_tcp_port
from tests.running import running, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LOADS, MOVES = 10, 30
FADER = "#control-walk-speed"
LOADED = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
USABLE = """() => new Promise(resolve => {
  const look = () =>
    document.body.dataset.connected === 'true' ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})"""
WATCH = """(selector) => { const input = document.querySelector(selector); window.seen = [];
  let before = input.value;
  const look = () => { if (input.value !== before) { before = input.value; window.seen.push([before, Date.now()]); }
    requestAnimationFrame(look); };
  look(); }"""
MOVE = """([selector, value]) => { const input = document.querySelector(selector); input.value = value;
  input.dispatchEvent(new Event('input')); return [input.value, Date.now()]; }"""


def loads(browser: Browser, url: str, size: tuple[int, int]) -> list[tuple[float, float]]:
    """Milliseconds until the document is loaded, and until the page is connected, of fresh browser contexts."""
    found = []
    for _ in range(LOADS):
        with opened(browser, url, size) as page:
            usable = float(page.evaluate(USABLE))
            found.append((float(page.evaluate(LOADED)), usable))
    return found


def steps(browser: Browser, url: str) -> list[float]:
    """Milliseconds from a fader moved on one page to the same fader on another page, through the show."""
    with opened(browser, url) as one, opened(browser, url) as two:
        for page in (one, two):
            page.wait_for_selector('body[data-connected="true"]')
        two.evaluate(WATCH, FADER)
        sent = {}
        for number in range(MOVES):
            value, at = one.evaluate(MOVE, [FADER, str(round(0.1 + 0.02 * number, 2))])
            sent[value] = at
            one.wait_for_timeout(100)
        until(lambda: len(two.evaluate("() => window.seen")) >= MOVES, 10.0, "the last move")
        seen: dict[str, float] = dict(two.evaluate("() => window.seen"))
    return [seen[value] - at for value, at in sent.items() if value in seen]


def main() -> None:
    """Print the table."""
    table = Table("what", "median", "worst", box=None, padding=(0, 3, 0, 0))
    with tempfile.TemporaryDirectory() as temporary, running_browser() as browser:
        folder, port = Path(temporary), free_tcp_port()
        (folder / "evening.toml").write_text(SHOW)
        arguments = ("--set", "web.enabled=true", "--set", f"web.port={port}")
        with running(str(folder / "evening.toml"), folder, arguments) as show:
            served = Served(show, port)
            until(served.answers, 60.0, "the operator page")
            url = f"{served.url}/operator"
            for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
                found = loads(browser, url, size)
                for place, what in enumerate(("loaded", "connected, every control drawn")):
                    figures = [each[place] for each in found]
                    row = (f"{statistics.median(figures):.0f} ms", f"{max(figures):.0f} ms")
                    table.add_row(f"{name}: {what}", *row)
            figures = steps(browser, url)
            row = (f"{statistics.median(figures):.0f} ms", f"{max(figures):.0f} ms")
            table.add_row("a fader, from one page to another", *row)
    Console().print(table)


if __name__ == "__main__":
    main()
