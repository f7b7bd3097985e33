"""WebRTC in a real browser: the operator page of a show plays the picture, again after the output was killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from installation.core.call_desk import CallDesk, ask
from installation.core.errors import Rejected, ShowError
from installation.outputs.webrtc import WebRtcSettings, check
from tests.control.web.browser import opened, running_browser
from tests.outputs.test_mjpeg import free_tcp_port
from tests.outputs.test_rtsp import answers
from tests.running import running, until

LIMIT = 60.0
PLAYS = """(count) => {
  const video = document.getElementById("live-picture");
  return !video.hidden && document.getElementById("picture").hidden && video.videoWidth === 1280
    && video.getVideoPlaybackQuality().totalVideoFrames > count;
}"""


@pytest.mark.parametrize("settings", [WebRtcSettings(rate=0.0), WebRtcSettings(megabits=0.0)])
def test_a_setting_out_of_range_is_one_sentence(settings: WebRtcSettings) -> None:
    with pytest.raises(ShowError, match="it goes from"):
        check(settings)


def test_without_aiortc_the_operator_reads_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("installation.outputs.webrtc.find_spec", lambda _name: None)
    with pytest.raises(ShowError, match=r"pip install '.*\[webrtc\]'"):
        check(WebRtcSettings())


def test_a_desk_answers_whoever_knows_the_file_and_says_why_it_refuses(tmp_path: Path) -> None:
    async def answer(text: str) -> str:
        if text == "bad":
            raise Rejected("that is no offer.")
        return text.upper()

    async def play() -> list[str]:
        desk = CallDesk(tmp_path / "desk", answer)
        await desk.open()
        told = [await ask(tmp_path / "desk", "offer")]
        if sys.platform != "win32":
            assert (tmp_path / "desk").stat().st_mode & 0o077 == 0
        left = (tmp_path / "desk").read_text()
        (tmp_path / "forged").write_text(left.replace('"secret": "', '"secret": "0'))
        for path, text in ((tmp_path / "desk", "bad"), (tmp_path / "forged", "offer"), (tmp_path / "none", "offer")):
            with pytest.raises(Rejected) as refused:
                await ask(path, text)
            told.append(str(refused.value))
        await desk.close()
        return told

    nobody = "nobody answers; try again in a moment."
    assert asyncio.run(play()) == ["OFFER", "that is no offer.", nobody, nobody]
    assert not (tmp_path / "desk").exists()


@pytest.mark.slow
def test_the_operator_page_plays_the_picture(tmp_path: Path) -> None:
    port = free_tcp_port()
    arguments = ["--output", "webrtc", "--set", "web.enabled=true", "--set", f"web.port={port}"]
    with running("rehearsal", tmp_path, arguments) as show, running_browser() as browser:
        until(lambda: answers(port), LIMIT, "the page")
        with opened(browser, f"http://127.0.0.1:{port}/operator", lossy=True) as page:
            page.wait_for_function(PLAYS, arg=30, timeout=1000 * LIMIT)
            page.screenshot(path=tmp_path / "operator.png")
            show.workers()["webrtc"].kill()
            page.wait_for_function("() => document.getElementById('live-picture').hidden", timeout=1000 * LIMIT)
            page.wait_for_function(PLAYS, arg=0, timeout=1000 * LIMIT)
        show.end(60.0)
