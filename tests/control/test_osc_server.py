"""The OSC server without sockets: packets in, messages to main and replies out."""

from __future__ import annotations

import random

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing.osc_types import write_date

from installation.control.osc_codec import Message, read, write
from installation.control.osc_server import OscServer
from installation.control.peers import Peer
from installation.control.worker import queue_options
from installation.core.errors import Rejected
from installation.core.mailbox import Mailbox
from installation.core.messages import Bundle, Changed, Inbox, MessageRejected, Origin, SetParam, Trigger, Value
from installation.core.params import PARAMS
from installation.show.settings import OscSettings

TOOL = Peer("127.0.0.1", 50_000)
OTHER = Peer("127.0.0.1", 50_001)
WALL = 1_700_000_000.0


MAX_MESSAGES = 256


class Talk:
    """An OSC server, its mailbox to main, and shorthands for sending to it."""

    def __init__(self, osc: OscSettings | None = None) -> None:
        self.box: Mailbox[Inbox] = Mailbox(MAX_MESSAGES, 64)
        values: dict[str, Value] = {"walk/speed": 0.3, "no longer a parameter": 1}
        self.server = OscServer(osc or OscSettings(), values, self.send, 0.0)

    def send(self, message: Inbox) -> None:
        if not self.box.put(message, **queue_options(message)):
            raise Rejected("too many messages are waiting; this one is dropped.")

    def say(self, address: str, *values: Value, peer: Peer = TOOL, now: float = 0.0) -> list[tuple[Peer, Message]]:
        self.server.receive(peer, write(address, *values), now, WALL)
        return self.heard(now)

    def heard(self, now: float = 0.0) -> list[tuple[Peer, Message]]:
        self.server.tick(now)
        return [(peer, read(data).messages[0]) for peer, data in self.server.replies()]

    def main(self) -> list[Inbox]:
        return self.box.take() if len(self.box) else []


def packed(tag: float, *messages: bytes) -> bytes:
    return b"#bundle\0" + write_date(tag) + b"".join(len(each).to_bytes(4, "big") + each for each in messages)


def error(address: str, reason: str, peer: Peer = TOOL) -> tuple[Peer, Message]:
    return (peer, Message("/laterna/error", (address, reason)))


def test_prompts_and_values_reach_main_with_their_source() -> None:
    talk = Talk()
    assert talk.say("/prompt", "a fox") + talk.say("/laterna/walk/speed", 0.5) == []
    assert talk.main() == [Trigger("prompt", ("a fox",), TOOL.origin), SetParam("walk/speed", 0.5, TOOL.origin)]


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("/laterna/walk/speed", pytest.approx(0.3)),
        ("/laterna/queue/hold", 0),
        ("/laterna/dream/enabled", 1),
        ("/laterna/queue/length", 0),
        ("/laterna/mode", ""),
    ],
)
def test_a_query_is_answered_with_the_current_value(address: str, answer: object) -> None:
    [(peer, message)] = Talk().say(address, "?")
    assert (peer, message.address, message.args) == (TOOL, address, (answer,))


def test_every_value_and_reading_can_be_queried_and_answers_with_one_argument() -> None:
    talk = Talk()
    for row in PARAMS.values():
        if row.access != "trigger":
            [(_, message)] = talk.say(f"/laterna/{row.name}", "?")
            assert [isinstance(arg, str) for arg in message.args] == [row.kind == "text"]


def test_an_integral_float_is_sent_as_a_float() -> None:
    talk = Talk()
    talk.server.feedback(Changed("walk/speed", 1), 0.0)
    talk.server.receive(TOOL, write("/laterna/walk/speed", "?"), 0.0, WALL)
    assert b",f\0\0" in talk.server.replies()[0][1]


def test_a_ping_is_answered_but_an_error_is_not() -> None:
    talk = Talk()
    assert talk.say("/laterna/ping") == [(TOOL, Message("/laterna/pong"))]
    assert talk.say("/laterna/error", "/x", "y") + talk.say("/laterna/pong") == []


def test_a_rejection_is_sent_back_with_address_and_reason() -> None:
    reason = "unknown address; did you mean '/laterna/walk/speed'?"
    assert Talk().say("/laterna/walk/sped", 1) == [error("/laterna/walk/sped", reason)]
    talk = Talk()
    talk.server.receive(TOOL, b"rubbish", 0.0, WALL)
    assert talk.heard() == [error("", "a message must begin with an address, '/laterna/…'.")]


def test_a_rejection_by_main_is_sent_to_the_original_sender() -> None:
    talk = Talk()
    talk.server.feedback(MessageRejected(OTHER.origin, "queue/add", "200 words wait already."), 0.0)
    talk.server.feedback(MessageRejected(Origin("keyboard"), "queue/add", "200 words wait already."), 0.0)
    assert talk.heard() == [error("/laterna/queue/add", "200 words wait already.", OTHER)]


def test_errors_are_limited_to_ten_per_second_and_sender() -> None:
    talk = Talk()
    heard = [reply for n in range(1000) for reply in talk.say("/laterna/nothing", now=n / 1000)]
    assert 10 <= len(heard) <= 20
    assert len(talk.say("/laterna/nothing", peer=OTHER, now=1.0)) == 1


def test_a_flood_of_queries_is_answered_up_to_a_limit() -> None:
    talk = Talk()
    heard = [message for _ in range(200) for _, message in talk.say("/laterna/*/*", "?")]
    answers = [message for message in heard if message.address != "/laterna/error"]
    assert len(answers) == 2000
    assert heard[-1].args == ("/laterna/*/*", "too many queries per second.")


def test_a_subscriber_gets_all_values_and_then_the_changes_of_others() -> None:
    talk = Talk()
    listens = Peer(TOOL.host, 9500)
    snapshot = talk.say("/laterna/subscribe", 9500)
    assert {peer for peer, _ in snapshot} == {listens}
    assert {m.address for _, m in snapshot} == {f"/laterna/{r.name}" for r in PARAMS.values() if r.access != "trigger"}
    talk.server.feedback(Changed("walk/speed", 0.75, TOOL.origin), 1.0)
    talk.server.feedback(Changed("walk/amount", 0.5, OTHER.origin), 1.0)
    talk.server.feedback(Changed("walk/amount", 0.25, OTHER.origin), 1.0)
    assert talk.heard(1.0) == [(listens, Message("/laterna/walk/amount", (0.25,)))]
    assert talk.say("/laterna/walk/speed", "?", now=2.0) == [
        (peer, Message("/laterna/walk/speed", (0.75,))) for peer in (TOOL, listens)
    ]


def test_a_value_that_is_set_back_before_its_change_was_reported_is_sent_to_the_one_who_changed_it() -> None:
    talk = Talk()
    talk.say("/laterna/subscribe", 9500, "walk/speed")
    talk.say("/laterna/walk/speed", 0.75)
    talk.server.feedback(Changed("walk/speed", 0.5, OTHER.origin), 1.0)
    talk.heard(1.0)
    talk.server.feedback(Changed("walk/speed", 0.5, OTHER.origin), 2.0)  # the change to 0.75 was replaced on its way
    assert [message.args for _, message in talk.heard(2.0)] == [(0.5,)]


@pytest.mark.parametrize(
    ("args", "port"), [((), 9411), ((9500,), 9500), ((9500.0, 10), 9500), ((0,), TOOL.port), (("walk/*",), 9411)]
)
def test_a_subscriber_chooses_its_port(args: tuple[Value, ...], port: int) -> None:
    assert {peer for peer, _ in Talk().say("/laterna/subscribe", *args)} == {Peer(TOOL.host, port)}


def test_a_tcp_subscriber_gets_feedback_on_its_connection_until_it_ends() -> None:
    talk, wire = Talk(), Peer("127.0.0.1", 40_000, "tcp")
    assert {peer for peer, _ in talk.say("/laterna/subscribe", 9500, peer=wire)} == {wire}
    talk.server.disconnected(wire)
    talk.server.feedback(Changed("walk/amount", 0.5), 1.0)
    assert talk.heard(1.0) == []


@pytest.mark.parametrize("args", [(70_000,), (-1,), (9500, float("nan"))])
def test_an_invalid_subscription_is_rejected(args: tuple[Value, ...]) -> None:
    [(_, message)] = Talk().say("/laterna/subscribe", *args)
    assert message.address == "/laterna/error"


@pytest.mark.parametrize("hz", [-5, 0.0])
def test_an_invalid_rate_is_rejected_with_the_valid_range(hz: float) -> None:
    why = f"the rate must be 0.1 to 30 Hz, not {hz:g}."
    assert Talk().say("/laterna/subscribe", 9500, hz) == [error("/laterna/subscribe", why)]


def test_without_the_passcode_only_panic_blackout_and_ping_work() -> None:
    talk = Talk(OscSettings(passcode="abend"))
    for address in ("/prompt", "/laterna/walk/speed", "/laterna/go", "/laterna/reset", "/laterna/subscribe"):
        [(_, message)] = talk.say(address, "?" if address == "/laterna/walk/speed" else 9)
        assert message.args == (address, "a passcode is required: send it to /laterna/connect.")
    assert talk.main() == []
    assert talk.say("/laterna/ping") == [(TOOL, Message("/laterna/pong"))]
    talk.say("/laterna/panic")
    talk.say("/laterna/panicInTime", 2)
    talk.say("/laterna/blackout", 1)
    assert [each.name for each in talk.main() if isinstance(each, (SetParam, Trigger))] == [
        "panic",
        "panicInTime",
        "blackout",
    ]


def test_the_right_passcode_authorises_that_sender_only() -> None:
    talk = Talk(OscSettings(passcode="schöner abend"))
    assert talk.say("/laterna/connect", "wrong") == [error("/laterna/connect", "wrong passcode.")]
    assert talk.say("/laterna/connect", "schöner abend", now=0.1) == [
        error("/laterna/connect", "only one passcode per second is checked.")
    ]
    assert talk.say("/laterna/connect", "schöner", "abend", now=2.0) == [(TOOL, Message("/laterna/connect", (1,)))]
    talk.say("/prompt", "a fox", now=2.0)
    talk.say("/prompt", "a wolf", peer=OTHER, now=2.0)
    assert talk.main() == [Trigger("prompt", ("a fox",), TOOL.origin)]


def test_a_bundle_reaches_main_as_a_whole_without_its_rejected_messages() -> None:
    talk = Talk()
    parts = [write("/laterna/blackout", 1), write("/laterna/nothing"), write("/prompt", "fog"), write("/laterna/ping")]
    talk.server.receive(TOOL, packed(0, *parts), 0.0, WALL)
    assert talk.main() == [Bundle((SetParam("blackout", True, TOOL.origin), Trigger("prompt", ("fog",), TOOL.origin)))]
    assert [message.address for _, message in talk.heard()] == ["/laterna/error", "/laterna/pong"]


@pytest.mark.parametrize(("ahead", "arrives"), [(3.0, 3.0), (9.9, 9.9), (0.0, 0.0), (-5.0, 0.0), (60.0, 0.0)])
def test_a_bundle_waits_for_its_time_tag_up_to_ten_seconds(ahead: float, arrives: float) -> None:
    talk = Talk()
    talk.server.receive(TOOL, packed(WALL + ahead, write("/prompt", "fog")), 0.0, WALL)
    said = talk.heard(0.0)
    if arrives:
        assert talk.heard(arrives - 0.01) == []
        assert talk.main() == []
        assert talk.server.wait(0.0) == pytest.approx(arrives, abs=1e-3)
        talk.heard(arrives + 0.01)
    assert talk.main() == [Bundle((Trigger("prompt", ("fog",), TOOL.origin),))]
    assert [m.args for _, m in said] == (
        [("#bundle", "the time tag is 60 s ahead, more than 10 s: applied now.")] if ahead > 10.0 else []
    )


def test_a_bundle_that_expands_to_too_many_messages_is_rejected() -> None:
    talk = Talk()
    talk.server.receive(TOOL, packed(0, *[write("/laterna/walk/*", 0.5)] * 200), 0.0, WALL)
    assert talk.heard() == [error("#bundle", "the bundle expands to more than 256 messages.")]
    assert talk.main() == []


def test_prompts_are_rejected_with_an_error_when_too_many_are_waiting() -> None:
    talk = Talk()
    heard = [reply for n in range(MAX_MESSAGES + 3) for reply in talk.say("/prompt", f"word {n}")]
    assert heard == [error("/laterna/prompt", "too many messages are waiting; this one is dropped.")] * 3
    assert len(talk.main()) == MAX_MESSAGES


def test_nan_of_any_width_changes_nothing() -> None:
    talk = Talk()
    for kind in "fd":
        builder = OscMessageBuilder("/laterna/walk/speed")
        builder.add_arg(float("nan"), kind)
        talk.server.receive(TOOL, builder.build().dgram, 0.0, WALL)
    assert [m.address for _, m in talk.heard()] == ["/laterna/error"] * 2
    assert talk.main() == []


def test_random_messages_raise_nothing_and_keep_values_in_range() -> None:
    rng = random.Random(7)
    talk = Talk()
    names = [*PARAMS, "subscribe", "unsubscribe", "renew", "ping", "connect", "nothing", "walk/*", "{", "*/?*"]
    for turn in range(3000):
        builder = OscMessageBuilder(f"/laterna/{rng.choice(names)}")
        for _ in range(rng.randint(0, 3)):
            kind = rng.choice("ifdhsTF")
            number = rng.choice((0, 1, -1, 2**31 - 1, -(2**31), rng.randrange(1000)))
            real = rng.choice((0.0, -0.0, 1e30, float("nan"), float("inf"), rng.random()))
            text = rng.choice(("", "?", "nan", "a fox", "\x07\u202e", "x" * 5000, "[", "walk/*"))
            builder.add_arg(text if kind == "s" else number if kind in "ih" else real, kind)
        talk.server.receive(TOOL, builder.build().dgram, turn / 100, WALL)
        talk.heard(turn / 100)
        for message in talk.main():
            if isinstance(message, SetParam) and not isinstance(message.value, str):
                assert PARAMS[message.name].low <= message.value <= PARAMS[message.name].high
    assert talk.server.counts["rejected"] > 300
