"""The pages in a real browser, against a real show: what an operator and a visitor do, and what they see."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from installation.show.settings import AudienceSettings, WebSettings
from tests.conftest import require_package
from tests.control.web.browser import DESKTOP, PHONE, opened, running_browser
from tests.control.web.client import running_web
from tests.running import RunningShow, resume, running, until
from tests.workers import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

SHOW = """
title = "Evening"
[models]
generator = "fake"
perceptor = "fake"
rate = 10.0
[look]
size = [320, 180]
rate = 15.0
[audience]
enabled = true
pause_seconds = 0.0
per_minute = 600.0
[[output]]
kind = "mjpeg"
[[cue]]
name = "one"
words = "a red sun"
[[cue]]
name = "two"
words = "a blue moon"
[[cue]]
name = "three"
words = "a green field"
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    del chromium  # without a browser there is no need for a show
    folder = tmp_path_factory.mktemp("show")
    (folder / "evening.toml").write_text(SHOW)
    port = free_tcp_port()
    arguments = ("--set", "web.enabled=true", "--set", f"web.port={port}")
    with running(str(folder / "evening.toml"), folder, arguments) as made:
        served = Served(made, port)
        until(served.answers, 4 * PATIENCE, "the operator page")
        yield served


class Served:
    """A show and the address of its pages."""

    def __init__(self, show: RunningShow, port: int) -> None:
        self.show, self.port, self.url = show, port, f"http://127.0.0.1:{port}"

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def free_tcp_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def operator(chromium: Browser, show: Served) -> Iterator[Page]:
    with opened(chromium, show.url + "/operator") as page:
        page.wait_for_selector('body[data-connected="true"]')
        yield page
        page.click("#reset", force=True) if page.is_visible("#reset") else None


def text(page: Page, selector: str, wanted: str) -> None:
    """Wait until the element shows this text."""
    page.wait_for_function(
        "([selector, wanted]) => document.querySelector(selector)?.textContent.includes(wanted)", arg=[selector, wanted]
    )


def say(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.press("#words", "Enter")


# -- the operator page ------------------------------------------------------------------------------------------------


def test_the_live_picture_is_what_the_wall_shows(operator: Page) -> None:
    operator.wait_for_selector("#stage.streaming")
    size, colours, brightest = operator.evaluate(
        "() => { const canvas = document.getElementById('picture');"
        " const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
        " return [[canvas.width, canvas.height], new Set(data).size,"
        " data.reduce((most, value, i) => (i % 4 < 3 ? Math.max(most, value) : most), 0)] }"
    )
    assert size == [320, 180]
    assert colours > 20
    assert brightest > 100


def test_words_reach_the_wall_by_button_and_by_keyboard(operator: Page) -> None:
    say(operator, "a fox in the snow")
    text(operator, "#shown", "a fox in the snow")
    operator.keyboard.press("Escape")  # out of the field, and no panic
    operator.keyboard.press("/")
    operator.keyboard.type("an old ship")
    operator.click("#prompt .primary")
    text(operator, "#shown", "an old ship")
    text(operator, "#mode", "live")


def test_go_previous_and_the_next_cue(operator: Page) -> None:
    text(operator, "#next-name", "one")
    operator.click("#go")
    text(operator, "#cue-name", "one")
    text(operator, "#shown", "a red sun")
    text(operator, "#next-name", "two")
    operator.wait_for_timeout(600)  # the guard against double presses
    operator.keyboard.press("Space")  # the click left no focus on the button
    text(operator, "#cue-name", "two")
    operator.click("#previous")
    text(operator, "#cue-name", "one")
    operator.click("summary:has-text('All cues')")
    operator.click("#cue-list li:nth-child(3) >> text=Start")
    text(operator, "#cue-name", "three")
    text(operator, "#shown", "a green field")
    assert operator.get_attribute("#cue-list li:nth-child(3)", "aria-current") == "true"


def test_blackout_is_a_switch_and_panic_can_be_taken_back(operator: Page) -> None:
    operator.keyboard.press("b")
    operator.wait_for_selector('#blackout[aria-pressed="true"]')
    text(operator, "#veil", "Blackout")
    operator.click("#blackout")
    operator.wait_for_selector('#blackout[aria-pressed="false"]')
    operator.keyboard.press("Escape")
    text(operator, "#mode", "panic")
    operator.click("#reset")
    operator.wait_for_selector("#reset", state="hidden")
    operator.click("#pause")
    text(operator, "#mode", "paused")
    operator.click("#pause")
    operator.wait_for_selector('#pause[aria-pressed="false"]')


def test_an_output_is_switched_off_and_on(operator: Page) -> None:
    switch, row = operator.get_by_role("button", name="Output mjpeg"), operator.locator("#outputs li")
    row.filter(has_text="running").wait_for()
    switch.click()
    row.filter(has_text="off").wait_for()
    assert (switch.text_content(), switch.get_attribute("aria-pressed")) == ("Off", "false")
    switch.click()
    row.filter(has_text="running").wait_for()
    assert switch.get_attribute("aria-pressed") == "true"


def test_two_operators_stay_in_step(operator: Page, chromium: Browser, show: Served) -> None:
    fader = "#control-walk-speed"
    with opened(chromium, show.url + "/operator", PHONE) as other:
        other.wait_for_selector('body[data-connected="true"]')
        other.tap('nav button[data-view="faders"]')
        other.fill(fader, "0.8")
        operator.wait_for_function(f"() => document.querySelector('{fader}').value === '0.8'")
        operator.focus(fader)
        operator.keyboard.press("Home")
        other.wait_for_function(f"() => document.querySelector('{fader}').value === '0'")
        operator.click('.control[data-name="walk/speed"] .reset')
        other.wait_for_function(f"() => document.querySelector('{fader}').value === '0.35'")
        text(other, '.control[data-name="walk/speed"] output', "0.35")


def test_a_refusal_is_shown_to_its_operator_and_kept_in_the_log(operator: Page) -> None:
    operator.click("#clear")
    operator.click("#skip")
    text(operator, "#toasts", "no prompts are waiting")
    text(operator, "#log", "no prompts are waiting")


def test_words_are_never_markup(operator: Page, chromium: Browser, show: Served) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> a fox"
    say(operator, hostile)
    text(operator, "#shown", hostile)
    with opened(chromium, show.url + "/audience", PHONE) as visitor:
        send(visitor, hostile)
        text(operator, "#held", hostile)
        visitor.wait_for_selector("#mine li")
        assert visitor.query_selector("#mine img, #mine script") is None
    assert operator.query_selector("main img, main script") is None
    operator.click("#held >> text=Reject")


def test_the_page_connects_again_when_the_control_worker_was_killed(chromium: Browser, show: Served) -> None:
    with opened(chromium, show.url + "/operator", lossy=True) as page:
        page.wait_for_selector('body[data-connected="true"]')
        page.wait_for_selector("#stage.streaming")
        processes = show.show.workers()
        processes["stage"].suspend()  # so that it starts no other control worker before the page was looked at
        try:
            processes["control"].kill()
            page.wait_for_selector('body[data-connected="false"]')
            assert page.is_visible("#lost")
            page.click("#go")
            text(page, "#toasts", "Not connected: nothing was sent.")
        finally:
            resume(processes["stage"])
        page.wait_for_selector('body[data-connected="true"]')
        say(page, "back again")
        text(page, "#shown", "back again")


# -- the audience page ------------------------------------------------------------------------------------------------


def send(page: Page, words: str) -> None:
    page.wait_for_selector("#lost", state="hidden")
    page.fill("#words", words)
    page.click("text=Send to the wall")


def test_words_of_a_visitor_wait_for_the_operator_who_may_edit_them(
    operator: Page, chromium: Browser, show: Served
) -> None:
    with opened(chromium, show.url + "/audience", PHONE) as visitor:
        send(visitor, "a yelow submarine")
        text(visitor, "#mine", "Somebody is reading your words.")
        operator.click("#held >> text=Edit")
        operator.fill("#held form input", "a yellow submarine")
        operator.click("#held >> text=Save")
        text(operator, "#held", "a yellow submarine")
        operator.click("#held >> text=Approve")
        text(visitor, "#mine", "Your words are on the wall.")
        text(operator, "#shown", "a yellow submarine")
        say(operator, "something else")
        text(visitor, "#mine", "Your words were on the wall.")
        send(visitor, "a rude word")
        operator.click("#held >> text=Reject")
        text(visitor, "#mine", "Not this time")


# -- access -----------------------------------------------------------------------------------------------------------


def test_a_wrong_passcode_is_told_and_the_right_one_opens_the_page(chromium: Browser) -> None:
    with running_web(WebSettings(port=0, passcode="abend")) as web:
        with opened(chromium, f"http://127.0.0.1:{web.port}/") as page:
            until(lambda: "try again in" in enter(page, "morgen"), PATIENCE, "the time to wait")
            page.click("text=Panic")
            text(page, "#answer", "the wall goes black")
        with opened(chromium, f"http://localhost:{web.port}/") as page:
            until(lambda: enter(page, "abend") == "", 2 * PATIENCE, "the end of that time")
            page.wait_for_selector('body[data-connected="true"]')
            text(page, "#title", "Evening")


def enter(page: Page, passcode: str) -> str:
    """Give a passcode; return the page's answer, "" once it is open."""
    page.fill("#passcode", passcode)
    with page.expect_navigation():
        page.press("#passcode", "Enter")
    return (page.text_content("#answer") or "") if page.query_selector("#passcode") else ""


# -- everybody can use them -------------------------------------------------------------------------------------------


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA."""
    axe = require_package("axe_playwright_python.sync_playwright").Axe()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found: list[dict[str, Any]] = axe.run(page, options={"runOnly": tags}).response["violations"]
    return [f"{each['impact']} {each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_axe_finds_nothing_on_the_operator_page(chromium: Browser, show: Served, size: tuple[int, int]) -> None:
    with opened(chromium, show.url + "/operator", size) as page:
        page.set_viewport_size({"width": size[0], "height": 6000})  # so that the transport covers nothing
        page.wait_for_selector('body[data-connected="true"]')
        views = ("live", "queue", "faders", "looks", "state") if size == PHONE else ("",)
        for view in views:
            if view:
                page.tap(f'nav button[data-view="{view}"]')
            assert violations(page) == [], view
        page.click("#help-button")
        assert violations(page) == []


def test_axe_finds_nothing_on_the_pages_with_one_card(chromium: Browser) -> None:
    with running_web(WebSettings(port=0, passcode="abend"), AudienceSettings(enabled=True)) as web:
        for path in ("/login?wrong", "/audience"):
            with opened(chromium, f"http://127.0.0.1:{web.port}{path}", PHONE) as page:
                page.wait_for_load_state("networkidle")
                assert violations(page) == [], path


def test_on_a_phone_the_transport_is_always_in_reach_and_nothing_is_cut_off(chromium: Browser, show: Served) -> None:
    with opened(chromium, show.url + "/operator", PHONE) as page:
        page.wait_for_selector('body[data-connected="true"]')
        for view in ("live", "queue", "faders", "looks", "state"):
            page.tap(f'nav button[data-view="{view}"]')
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), view
            page.evaluate("() => scrollTo(0, 99999)")
            for name in ("go", "previous", "blackout", "panic"):
                box = page.locator(f"#{name}").bounding_box()
                assert box is not None
                assert box["height"] >= 44
                assert 0 <= box["y"] <= PHONE[1] - box["height"], (view, name)


def test_a_look_is_stored_named_and_recalled_with_its_values(operator: Page) -> None:
    first, fader = "#snapshot-list li:first-child", "#control-walk-amount"
    say(operator, "a tall tree")
    text(operator, "#shown", "a tall tree")
    operator.fill(fader, "0.9")
    operator.click(f"{first} >> text=Store")
    operator.click(f"{first} >> text=Name")
    operator.fill(f"{first} input", "Forest")
    operator.click(f"{first} >> text=Save")
    text(operator, f"{first} .recall", "Forest")
    operator.fill(fader, "0.1")
    operator.fill("#morph", "0")
    operator.click(f"{first} .recall")
    operator.wait_for_function(f"() => document.querySelector('{fader}').value === '0.9'")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_a_dark_wall_is_said_on_the_picture(chromium: Browser, show: Served, size: tuple[int, int]) -> None:
    with opened(chromium, show.url + "/operator", size) as page:
        page.wait_for_selector("#stage.streaming")
        page.click("#blackout")
        page.wait_for_selector("#veil", state="visible")
        picture, veil = (page.locator(each).bounding_box() for each in ("#picture", "#veil"))
        page.click("#blackout")
        page.wait_for_selector("#veil", state="hidden")
    assert picture is not None
    assert veil is not None
    assert picture["y"] < veil["y"] < veil["y"] + veil["height"] < picture["y"] + picture["height"]


def test_keys_can_be_switched_off(operator: Page) -> None:
    operator.keyboard.press("?")
    operator.wait_for_selector("#help[open]")
    operator.uncheck("#keys-enabled")
    operator.click("text=Close")
    operator.keyboard.press("b")
    operator.keyboard.press("?")
    assert not operator.is_visible("#help")
    assert operator.get_attribute("#blackout", "aria-pressed") == "false"


def test_a_corner_is_dragged_and_taken_back_and_a_test_card_is_shown(operator: Page) -> None:
    corner = operator.locator('[data-point="tl"]')
    corner.scroll_into_view_if_needed()
    box, place = operator.locator("#map").bounding_box(), corner.bounding_box()
    assert box
    assert place
    operator.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    operator.mouse.down()
    operator.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    operator.mouse.up()
    operator.wait_for_selector('[data-point="tl"][aria-label^="Top left: 0.25"]')
    corner.press("Shift+ArrowRight")
    operator.wait_for_selector('[data-point="tl"][aria-label^="Top left: 0.26"]')
    operator.click("#undo")
    operator.wait_for_selector('[data-point="tl"][aria-label="Top left: 0.000, 0.000"]')
    operator.click('#cards button:text("Grid")')
    operator.wait_for_selector('#cards button:text("Grid")[aria-pressed="true"]')
    operator.click("#points-kind")
    operator.wait_for_selector('[data-point="m1-1"][aria-label="Column 2, row 2: 0.500, 0.500"]')
    operator.click("#lock")
    operator.click("#straighten")
    text(operator, "#toasts", "locked")
    operator.click("#lock")
    operator.click("#straighten")
    operator.click('#cards button:text("Picture")')
    operator.click("#points-kind")
