"""Feedback subscriptions."""

from __future__ import annotations

import pytest

from installation.control.peers import Peer, from_origin, host_and_port
from installation.control.subscriptions import LEASE_SECONDS, MAX_SUBSCRIBERS, Subscriptions
from installation.core.errors import Rejected
from installation.core.messages import Origin, Value, parse_origin

VALUES: dict[str, Value] = {"walk/speed": 0.3, "walk/amount": 0.4, "mode": "live", "mode/index": 1}
TOOL = Peer("127.0.0.1", 9411)
SPEAKS = Origin("osc", "127.0.0.1:50000")


def subscribed(hz: float = 30.0, pattern: str = "") -> Subscriptions:
    feedback = Subscriptions()
    feedback.subscribe(TOOL, SPEAKS, hz, (pattern,) if pattern else (), VALUES, 0.0)
    return feedback


def sent(feedback: Subscriptions, now: float) -> dict[str, Value]:
    return {name: value for _, name, value in feedback.flush(now)}


def test_a_subscription_starts_with_all_values() -> None:
    feedback = subscribed()
    assert feedback.flush(0.0) == [(TOOL, name, value) for name, value in VALUES.items()]
    assert feedback.flush(1.0) == []


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("/laterna/walk/*", {"walk/speed", "walk/amount"}),
        ("/laterna/walk", {"walk/speed", "walk/amount"}),
        ("walk/", {"walk/speed", "walk/amount"}),
        ("/laterna/*", set(VALUES)),
        ("/laterna/{mode,walk}", set(VALUES)),
        ("/laterna/{mode,queue}/*", {"mode/index"}),
        ("mode/index", {"mode/index"}),
    ],
)
def test_a_pattern_selects_the_values(pattern: str, names: set[str]) -> None:
    assert set(sent(subscribed(pattern=pattern), 0.0)) == names


def test_a_pattern_without_match_is_rejected() -> None:
    with pytest.raises(Rejected, match="matches no value"):
        subscribed(pattern="/laterna/wlak")


def test_only_the_latest_value_of_a_frame_is_sent() -> None:
    feedback = subscribed(hz=10.0)
    feedback.flush(0.0)
    for step in range(20):
        feedback.changed("walk/speed", step / 20, Origin("keyboard"))
    assert feedback.flush(0.05) == []
    assert feedback.wait(0.05) == pytest.approx(0.05)
    assert feedback.flush(0.1) == [(TOOL, "walk/speed", 0.95)]
    assert feedback.wait(0.1) == pytest.approx(LEASE_SECONDS - 0.1)


def test_feedback_is_limited_to_thirty_frames_per_second() -> None:
    feedback = subscribed(hz=1000.0)
    frames = 0
    for millisecond in range(1000):
        feedback.changed("walk/speed", millisecond / 1000, Origin("keyboard"))
        frames += bool(feedback.flush(millisecond / 1000))
    assert frames == 30


@pytest.mark.parametrize("origin", [SPEAKS, TOOL.origin])
def test_the_setter_of_a_value_gets_no_feedback_of_it(origin: Origin) -> None:
    feedback = subscribed()
    feedback.flush(0.0)
    feedback.changed("walk/speed", 0.9, origin)
    assert sent(feedback, 1.0) == {}


def test_an_older_pending_value_never_follows_the_one_that_the_subscriber_set() -> None:
    feedback = subscribed()
    feedback.flush(0.0)
    feedback.changed("walk/speed", 0.1, Origin("keyboard"))
    feedback.changed("walk/speed", 0.9, SPEAKS)
    assert sent(feedback, 1.0) == {}


def test_a_lease_ends_after_sixty_seconds_unless_renewed() -> None:
    feedback = subscribed()
    feedback.flush(0.0)
    feedback.renew(SPEAKS, 50.0)
    feedback.changed("mode", "attract", Origin("conductor"))
    assert sent(feedback, 109.0) == {"mode": "attract"}
    feedback.changed("mode", "live", Origin("conductor"))
    assert sent(feedback, 110.0) == {}
    with pytest.raises(Rejected, match="subscribe"):
        feedback.renew(SPEAKS, 111.0)


def test_a_fixed_subscriber_never_expires_and_may_subscribe_too() -> None:
    feedback = Subscriptions()
    feedback.add_fixed(TOOL, VALUES, 0.0)
    feedback.subscribe(TOOL, SPEAKS, 30.0, (), VALUES, 0.0)
    assert sent(feedback, 1e6) == VALUES
    feedback.changed("walk/speed", 0.9, SPEAKS)
    assert sent(feedback, 2e6) == {}


def test_unsubscribe_ends_only_the_senders_own_subscriptions() -> None:
    feedback = subscribed()
    other = Peer("127.0.0.1", 9500)
    feedback.subscribe(other, Origin("osc", "127.0.0.1:6"), 30.0, (), VALUES, 0.0)
    feedback.unsubscribe(SPEAKS)
    assert {peer for peer, _, _ in feedback.flush(0.0)} == {other}
    with pytest.raises(Rejected):
        feedback.unsubscribe(SPEAKS)


def test_the_number_of_subscribers_is_limited() -> None:
    feedback = Subscriptions()
    for port in range(1, MAX_SUBSCRIBERS + 1):
        feedback.subscribe(Peer("127.0.0.1", port), SPEAKS, 30.0, (), VALUES, 0.0)
    with pytest.raises(Rejected, match="64"):
        feedback.subscribe(TOOL, SPEAKS, 30.0, (), VALUES, 0.0)
    feedback.subscribe(TOOL, SPEAKS, 30.0, (), VALUES, 60.0)  # the others' lease is over
    assert len(feedback) == 1


@pytest.mark.parametrize("peer", [Peer("127.0.0.1", 5), Peer("::1", 54321), Peer("10.0.0.7", 6, "tcp")])
def test_an_origin_can_be_parsed_back_to_its_peer(peer: Peer) -> None:
    assert from_origin(peer.origin) == peer


def test_other_origins_have_no_peer() -> None:
    assert [from_origin(parse_origin(text)) for text in ("keyboard", "cue:3", "osc:", "osc:host", "osc:h:x")] == [
        None
    ] * 5


def test_a_fixed_subscriber_needs_host_and_port() -> None:
    assert host_and_port("localhost:9411") == ("localhost", 9411)
    assert host_and_port("[::1]:9411") == ("::1", 9411)
    for wrong in ("localhost", ":9411", "localhost:port", "localhost:0", "localhost:70000"):
        with pytest.raises(Rejected, match="host:port"):
            host_and_port(wrong)
