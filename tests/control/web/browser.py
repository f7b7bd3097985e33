"""A headless Chromium, and pages in it that fail the test for any error in their console."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.conftest import require_package, require_system
from tests.workers import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

PHONE, DESKTOP = (390, 844), (1440, 900)
_LOST = ("WebSocket connection to", "Failed to load resource: net::ERR_CONNECTION")  # while a worker is replaced


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Skips without Chromium or Playwright."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    require_system(program, "Chromium is missing (apt-get install chromium)")
    sync_api = require_package("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, url: str, size: tuple[int, int] = DESKTOP, lossy: bool = False) -> Iterator[Page]:
    """A page of its own, as another operator or visitor has it. `lossy`: its connection may break."""
    phone = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, is_mobile=phone, has_touch=phone, device_scale_factor=1
    )
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not (lossy and message.text.startswith(_LOST)):
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
    page.goto(url)
    yield page
    context.close()
    assert not errors, "\n".join(errors)
