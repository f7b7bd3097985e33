"""Gateways in front of a real Redis: limits, repeats, and a broker that is killed."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from installation.control.broker.keys import Keys
from tests.control.broker.redis_server import RunningRedis, running_redis
from tests.control.web.browser import running_browser
from tests.control.web.gateways import Gateway, Phone, running_gateway
from tests.running import until
from tests.workers import PATIENCE

KEYS = Keys("laterna")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRedis]:
    with running_redis(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(scope="module")
def gateways(server: RunningRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Gateway]]:
    """Two of the same audience."""
    folder = tmp_path_factory.mktemp("show")
    with ExitStack() as stack:
        options = ("--limit", "6", "--behind", "127.0.0.1")
        yield [stack.enter_context(running_gateway(folder, server.url, *options)) for _ in range(2)]


@pytest.fixture(autouse=True)
def _empty(request: pytest.FixtureRequest) -> None:
    """No words, and full buckets; the gateways keep their cookies."""
    if "gateways" in request.fixturenames:
        running: RunningRedis = request.getfixturevalue("server")
        with running.client() as client:
            client.delete(*(key for key in client.keys("*") if key != KEYS.secret), "nothing")


def answer(response: http.client.HTTPResponse) -> tuple[int, str]:
    return response.status, str(json.loads(response.content)["answer"])  # type: ignore[attr-defined]


def stream(server: RunningRedis) -> list[str]:
    with server.client() as client:
        return [fields["text"] for _, fields in client.xrange(KEYS.stream)]


def test_words_are_taken_once_through_whichever_gateway_they_come(
    server: RunningRedis, gateways: list[Gateway]
) -> None:
    phone = gateways[0].phone()
    assert answer(phone.say("abcdefgh1", " a \n fox ")) == (202, "")
    for gateway in (*gateways, *gateways):
        phone.port = gateway.port
        assert answer(phone.say("abcdefgh1", "a fox")) == (202, "")
    assert stream(server) == ["a fox"]
    assert phone.mine() == [{"text": "a fox", "state": "sent", "position": 0, "reason": ""}]
    assert gateways[1].phone().mine() == []


def test_a_phone_has_a_pause_and_a_network_a_rate(server: RunningRedis, gateways: list[Gateway]) -> None:
    phone = gateways[0].phone()
    answers = [phone.say(f"abcdefgh{number}", "a fox", **{"X-Forwarded-For": "10.0.0.7"}) for number in range(20)]
    assert [each.status for each in answers] == [202] + 19 * [429]
    assert 1 <= int(str(answers[-1].getheader("Retry-After"))) <= 15
    assert "more words in" in answer(answers[-1])[1]
    crowd = [gateways[1].phone().say("abcdefgh", "a fox", **{"X-Forwarded-For": "10.0.0.7"}) for _ in range(8)]
    assert [each.status for each in crowd] == 5 * [202] + 3 * [429]
    assert len(stream(server)) == 6


def test_a_full_queue_is_told_with_the_time_to_try_again(server: RunningRedis, gateways: list[Gateway]) -> None:
    answers = [
        gateways[number % 2].phone().say("abcdefgh", "a fox", **{"X-Forwarded-For": f"10.0.1.{number}"})
        for number in range(8)
    ]
    assert [each.status for each in answers] == 6 * [202] + 2 * [503]
    assert int(str(answers[-1].getheader("Retry-After"))) > 0
    assert len(stream(server)) == 6


@pytest.mark.parametrize(
    ("number", "text", "reason"),
    [("abcdefgh", "", "Write some words"), ("abcdefgh", "x" * 41, "At most 40"), ("a b", "a fox", "not understood")],
)
def test_words_that_are_none_are_refused_and_cost_nothing(
    gateways: list[Gateway], number: str, text: str, reason: str
) -> None:
    phone = gateways[0].phone()
    status, sentence = answer(phone.say(number, text))
    assert (status, reason in sentence) == (400, True)
    assert phone.say("abcdefgh", "a fox").status == 202


def test_nobody_can_make_up_a_visitor(gateways: list[Gateway]) -> None:
    phone = gateways[0].phone()
    phone.cookie = phone.cookie.replace("audience:", "audience:f")
    assert phone.say("abcdefgh", "a fox").status == 401
    assert phone.request("GET", "/audience/mine").status == 401


def test_a_cookie_that_came_over_tls_goes_over_tls_only(gateways: list[Gateway]) -> None:
    for headers, secure in (({"X-Forwarded-For": "10.0.0.7", "X-Forwarded-Proto": "https"}, True), ({}, False)):
        page = Phone(gateways[0].port).request("GET", "/audience", headers=headers)
        assert ("; Secure" in str(page.getheader("Set-Cookie"))) is secure


def test_a_gateway_serves_its_page_and_nothing_of_the_operator(gateways: list[Gateway]) -> None:
    phone = gateways[0].phone()
    about = phone.request("GET", "/audience/about").content  # type: ignore[attr-defined]
    assert json.loads(about) == {"title": "Evening", "question": "What do you see?", "characters": 40}
    statuses = {
        path: phone.request("GET", path).status for path in ("/", "/operator", "/metrics", "/static/audience.mjs")
    }
    assert statuses == {"/": 303, "/operator": 404, "/metrics": 404, "/static/audience.mjs": 200}


@pytest.mark.slow
def test_a_broker_that_is_killed_costs_nothing_that_was_taken(tmp_path: Path) -> None:
    with (
        running_redis(tmp_path) as server,
        running_gateway(tmp_path, server.url, rules="pause_seconds = 0.0") as gateway,
    ):
        phone = gateway.phone()
        assert phone.say("abcdefgh1", "a fox").status == 202
        server.kill()
        lost = phone.say("abcdefgh2", "a wolf")
        assert (lost.status, lost.getheader("Retry-After")) == (503, "2")
        assert phone.request("GET", "/health").status == 503
        server.start()
        until(lambda: phone.say("abcdefgh2", "a wolf").status == 202, PATIENCE, "words taken")
        assert (phone.say("abcdefgh1", "a fox").status, phone.request("GET", "/health").status) == (202, 200)
        assert stream(server) == ["a fox", "a wolf"]


@pytest.mark.slow
def test_a_broker_that_comes_back_careless_gets_no_words(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running_redis(tmp_path) as server, running_gateway(tmp_path, server.url) as gateway:
        phone = gateway.phone()
        server.kill()
        server.options = ("--appendonly", "yes", "--appendfsync", "everysec")
        server.start()
        assert phone.say("abcdefgh1", "a fox").status == 503
        health: Any = phone.request("GET", "/health")
        assert (health.status, health.content) == (503, b"No words can be taken now.")
        assert phone.request("GET", "/health").status == 503
        assert capfd.readouterr().err.count("appendfsync is everysec") == 1  # the operator alone reads why
        assert stream(server) == []


@pytest.mark.slow
def test_the_page_sends_its_words_again_when_it_had_no_cookie_or_no_broker(tmp_path: Path) -> None:
    with (
        running_redis(tmp_path) as server,
        running_gateway(tmp_path, server.url) as gateway,
        running_browser() as browser,
    ):
        page = browser.new_page()  # whose console may show the answers 401 and 503
        page.goto(f"http://127.0.0.1:{gateway.port}/audience")
        page.get_by_label("What do you see?").fill("a red fox")
        page.context.clear_cookies()
        server.kill()
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Your phone will try again").or_(
            page.get_by_text("your phone will try again")
        ).first.wait_for()
        server.start()
        page.get_by_text("Sent.").wait_for()
        assert (stream(server), page.locator("#words").input_value()) == (["a red fox"], "")
        with server.client() as client:
            (word,) = client.keys(f"{KEYS.name}:word:*")
            client.hset(word, "state", "wall")
        page.get_by_text("Your words are on the wall.").wait_for()
