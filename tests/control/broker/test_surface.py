"""The surface with a real Redis that is killed, and a sender in the show's place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.control.broker.keys import GROUP, Keys
from installation.control.broker.surface import BrokerHandover, BrokerSettings, BrokerSurface
from installation.control.interface import SurfaceContext
from installation.core.messages import Inbox, QueueChanged, QueueEntry, SetParam, Trigger
from tests.control.broker.redis_server import RunningRedis, running_redis
from tests.running import until
from tests.workers import PATIENCE

KEYS = Keys("laterna")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningRedis]:
    with running_redis(tmp_path) as running:
        yield running


class Host:
    """A surface with a list in the show's place."""

    def __init__(self, server: RunningRedis, handover: BrokerHandover | None = None, **settings: Any) -> None:
        self.sent: list[Inbox] = []
        context = SurfaceContext({}, self.sent.append, lambda _text: None, handover)
        self.surface = BrokerSurface(BrokerSettings(server.url, **settings), context)
        self.surface.start()

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *_error: object) -> None:
        self.surface.stop()

    def words(self) -> list[str]:
        return [str(each.args[0]) for each in list(self.sent) if isinstance(each, Trigger)]

    def hears(self, *texts: str) -> None:
        until(lambda: self.words() == list(texts), PATIENCE, f"{texts}, {self.words()}")

    def show_all(self) -> None:
        """Say that everything that was sent has been shown."""
        sent = [each for each in list(self.sent) if isinstance(each, Trigger)]
        history = tuple(QueueEntry(1, str(each.args[0]), each.origin, "shown") for each in sent)
        self.surface.feedback(QueueChanged((), history))


def put(server: RunningRedis, *texts: str) -> None:
    """Words as a gateway writes them."""
    with server.client() as client:
        for text in texts:
            word = KEYS.word("ada", text)
            client.hset(word, mapping={"text": text, "state": "sent", "position": "0", "reason": ""})
            client.xadd(KEYS.stream, {"word": word, "visitor": "ada", "id": text, "address": "10.0.0.7", "text": text})


def state(server: RunningRedis, text: str) -> Any:
    with server.client() as client:
        return client.hget(KEYS.word("ada", text), "state")


def waiting(server: RunningRedis) -> tuple[int, int]:
    """Words in the stream, and how many of them are with the show."""
    with server.client() as client:
        return client.xlen(KEYS.stream), client.xpending(KEYS.stream, GROUP)["pending"]


def test_words_stay_in_the_broker_until_they_were_shown(server: RunningRedis) -> None:
    with Host(server) as host:
        put(server, "a fox", "a wolf")
        host.hears("a fox", "a wolf")
        assert waiting(server) == (2, 2)
        host.show_all()
        until(lambda: waiting(server) == (0, 0), PATIENCE, "an empty stream")
        assert [state(server, "a fox"), state(server, "a wolf")] == ["wall", "wall"]
        assert host.surface.figures().messages == 2


def test_the_next_process_gets_what_was_not_shown(server: RunningRedis) -> None:
    with Host(server, ahead=1) as host:
        put(server, "a fox", "a wolf")
        host.hears("a fox")
        left = host.surface.handover()
    with Host(server, left) as host:
        host.hears("a fox", "a wolf")


def test_what_no_gateway_has_written_is_left_out(server: RunningRedis) -> None:
    with Host(server) as host:
        with server.client() as client:
            client.xadd(KEYS.stream, {"note": b"\xff\xfe"})
        put(server, "a fox")
        host.hears("a fox")
        until(lambda: waiting(server) == (1, 1), PATIENCE, "one entry left")
        assert host.surface.figures().reason == ""


def test_an_address_with_a_wrong_option_is_one_sentence(server: RunningRedis) -> None:
    server.url += "?socket_timeout=soon"
    with Host(server) as host:
        until(lambda: "cannot be used" in host.surface.figures().reason, PATIENCE, "a reason")


def test_words_survive_a_broker_that_is_killed(server: RunningRedis) -> None:
    with Host(server) as host:
        put(server, "a fox")
        host.hears("a fox")
        server.kill()
        until(lambda: "is not there" in host.surface.figures().reason, PATIENCE, "a reason")
        host.show_all()
        server.start()
        until(lambda: waiting(server) == (0, 0), PATIENCE, "an empty stream")
        put(server, "a wolf")
        host.hears("a fox", "a wolf")
        assert (host.surface.figures().reason, state(server, "a fox")) == ("", "wall")


def test_a_second_show_stands_by_and_takes_over(server: RunningRedis) -> None:
    with Host(server) as first:
        put(server, "a fox")
        first.hears("a fox")
        second = Host(server)
        until(lambda: "stands by" in second.surface.figures().reason, PATIENCE, "a reason")
        put(server, "a wolf")
        first.hears("a fox", "a wolf")
        assert second.words() == []
    with second:
        second.hears("a fox", "a wolf")


def test_the_address_of_the_page_is_in_the_qr_code(server: RunningRedis) -> None:
    with Host(server, page="https://wall.example/audience") as host:
        until(lambda: host.sent, PATIENCE, "a message")
        sent = host.sent[0]
        assert isinstance(sent, SetParam)
        assert (sent.name, sent.value) == ("audience/url", "https://wall.example/audience")


def test_a_broker_that_may_lose_words_is_not_used(tmp_path: Path) -> None:
    with running_redis(tmp_path, ("--appendonly", "no")) as careless, Host(careless) as host:
        until(lambda: "may lose words" in host.surface.figures().reason, PATIENCE, "a reason")
        put(careless, "a fox")
        assert host.words() == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"url": "here"}, "redis://127.0.0.1:6379"),
        ({"url": "redis://here", "ahead": 0}, "from 1 to 1000"),
        ({"url": "redis://here", "name": "a b"}, "letters, digits and _"),
    ],
)
def test_wrong_settings_are_one_sentence(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        BrokerSettings(**settings)
