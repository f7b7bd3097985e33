"""The OSC server without sockets: packets in, messages to main and replies out."""

from __future__ import annotations

import random

import numpy as np
import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing.osc_types import write_date

from installation.control.osc_codec import Message, read, write
from installation.control.osc_server import OscServer
from installation.control.peers import Peer
from installation.control.worker import queue_options
from installation.core.errors import Rejected
from installation.core.mailbox import Mailbox
from installation.core.messages import (
    Answer,
    Bundle,
    Changed,
    CueEntry,
    CuesChanged,
    Inbox,
    MessageRejected,
    Origin,
    Query,
    SetParam,
    Trigger,
    Value,
)
from installation.core.params import MODES, PARAMS, find_param
from installation.show.settings import OscSettings

TOOL = Peer("127.0.0.1", 50_000)
OTHER = Peer("127.0.0.1", 50_001)
WALL = 1_700_000_000.0
PANIC = Changed("mode/index", MODES.index("panic"))


MAX_MESSAGES = 256


class Talk:
    """An OSC server, its mailbox to main, and shorthands for sending to it."""

    def __init__(self, osc: OscSettings | None = None) -> None:
        self.box: Mailbox[Inbox] = Mailbox(MAX_MESSAGES, 64)
        values: dict[str, Value] = {"walk/speed": 0.3, "no longer a parameter": 1}
        self.notices: list[str] = []
        self.server = OscServer(osc or OscSettings(), values, self.send, 0.0, notice=self.notices.append)

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
    assert talk.say("/laterna/ping", 7.5) == [
        (TOOL, Message("/laterna/pong/address", ("127.0.0.1:50000",))),
        (TOOL, Message("/laterna/pong/offset", (0.0,))),
        (TOOL, Message("/laterna/pong/passcode", (0,))),
        (TOOL, Message("/laterna/pong/subscriptions", (0,))),
        (TOOL, Message("/laterna/pong", (7.5,))),
    ]
    assert talk.say("/laterna/error", "/x", "y") + talk.say("/laterna/pong") + talk.say("/laterna/goodbye") == []


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


def test_without_the_passcode_only_panic_and_blackout_on_work() -> None:
    talk = Talk(OscSettings(passcode="abend"))
    for address in ("/prompt", "/laterna/walk/speed", "/laterna/go", "/laterna/reset", "/laterna/subscribe"):
        for value in ("?", 9, 0):
            talk.say(address, value)
    talk.say("/laterna/blackout", 0)
    talk.say("/laterna/blackout", "?")
    assert talk.main() == []
    talk.say("/laterna/panic")
    talk.say("/laterna/panicInTime", 2)
    talk.say("/laterna/blackout", 1)
    assert [each.name for each in talk.main() if isinstance(each, (SetParam, Trigger))] == [
        "panic",
        "panicInTime",
        "blackout",
    ]


def test_a_bundle_with_a_blackout_from_a_stranger_lifts_nothing() -> None:
    talk = Talk(OscSettings(passcode="abend"))
    parts = (write("/laterna/blackout", 1), write("/laterna/blackout", 0), write("/laterna/go"))
    talk.server.receive(TOOL, packed(0, *parts), 0.0, WALL)
    assert talk.main() == [Bundle((SetParam("blackout", True, TOOL.origin),))]


@pytest.mark.parametrize("address", ["/x", "/laterna/nothing", "/laterna/walk/speed", "/laterna/ping", "/laterna/why"])
@pytest.mark.parametrize("args", [(), ("?",), (1,), ("word " * 20,)])
def test_before_login_no_answer_is_larger_than_its_request(address: str, args: tuple[Value, ...]) -> None:
    talk = Talk(OscSettings(passcode="abend"))
    request = write(address, *args)
    for data in (request, packed(0, request, request), packed(WALL + 60.0, request), b"rubbish"):
        talk.server.receive(TOOL, data, 0.0, WALL)
        assert sum(len(reply) for _, reply in talk.server.replies()) <= len(data)


def test_before_login_a_request_that_is_long_enough_is_told_to_connect() -> None:
    talk = Talk(OscSettings(passcode="abend"))
    assert talk.say("/prompt", "a red sun sinks into the sea " * 4) == [
        error("/prompt", "a passcode is required: send it to /laterna/connect.")
    ]


def test_the_right_passcode_authorises_the_host_with_all_its_ports() -> None:
    talk, elsewhere = Talk(OscSettings(passcode="schöner abend")), Peer("10.0.0.9", 50_000)
    assert talk.say("/laterna/connect", "wrong")[0][1].args == ("passcode",)
    assert talk.say("/laterna/connect", "schöner abend", now=0.1)[0][1].address == "/laterna/error"  # one per second
    assert talk.say("/laterna/connect", "schöner", "abend", now=2.0) == [(TOOL, Message("/laterna/connect", (1,)))]
    talk.say("/prompt", "a fox", now=2.0)
    talk.say("/prompt", "a wolf", peer=OTHER, now=2.0)
    talk.say("/prompt", "a bear", peer=elsewhere, now=2.0)
    assert talk.main() == [Trigger("prompt", ("a fox",), TOOL.origin), Trigger("prompt", ("a wolf",), OTHER.origin)]


def test_wrong_passcodes_from_thirty_hosts_lock_nobody_out() -> None:
    talk = Talk(OscSettings(passcode="abend"))
    for turn in range(100):
        for host in range(30):
            talk.say("/laterna/connect", "wrong", peer=Peer(f"10.0.0.{host}", 1), now=turn / 100)
    assert talk.say("/laterna/connect", "abend", now=1.0) == [(TOOL, Message("/laterna/connect", (1,)))]


@pytest.mark.slow
def test_a_flood_of_unknown_addresses_from_forty_hosts_leaves_answers_for_the_desk() -> None:
    talk = Talk()
    for turn in range(5_000):
        talk.say(f"/laterna/walk/sped{turn}", peer=Peer(f"10.0.0.{turn % 40}", turn), now=turn / 5000)
    assert talk.say("/laterna/walk/speed", "?", now=1.0)
    assert [message.address for _, message in talk.say("/laterna/nothing", now=1.0)] == ["/laterna/error"]


# -- buttons and repetitions -----------------------------------------------------------------------------------------


def held(talk: Talk, address: str, seconds: float, begin: float = 0.0, peer: Peer = TOOL) -> None:
    """A tool that sends 1 at 60 Hz, as a CHOP does."""
    for frame in range(round(seconds * 60)):
        talk.say(address, 1.0, peer=peer, now=begin + frame / 60)


@pytest.mark.parametrize("name", ["go", "panic", "record/still", "queue/skip", "queue/approve", "reset", "resume"])
def test_a_button_that_is_held_for_three_seconds_fires_once(name: str) -> None:
    talk = Talk()
    held(talk, f"/laterna/{name}", 3.0)
    assert talk.main() == [Trigger(name, (), TOOL.origin)]


def test_a_button_fires_again_after_its_release_or_half_a_second_of_silence() -> None:
    talk = Talk()
    for now, value in ((0.0, 1), (0.1, 0), (0.2, 1), (0.3, 1), (0.85, 1), (1.0, 0), (1.1, 0), (1.2, 1)):
        talk.say("/laterna/go", value, now=now)
    assert len(talk.main()) == 4


def test_each_sender_has_its_own_buttons() -> None:
    talk = Talk()
    held(talk, "/laterna/go", 0.2)
    held(talk, "/laterna/go", 0.2, peer=OTHER)
    assert [each.origin for each in talk.main() if isinstance(each, Trigger)] == [TOOL.origin, OTHER.origin]


def test_presses_without_a_number_all_fire() -> None:
    talk = Talk()
    for now in (0.0, 0.1):
        talk.say("/laterna/panic", now=now)
        talk.say("/laterna/panic", "bang", now=now)
    assert len(talk.main()) == 4


def test_a_timed_panic_that_is_repeated_fires_once_and_its_release_does_not_cut() -> None:
    talk = Talk()
    for frame in range(60):
        talk.say("/laterna/panicInTime", 3.0, now=frame / 60)
    talk.say("/laterna/panicInTime", 0.0, now=1.0)
    assert talk.main() == [Trigger("panicInTime", (3.0,), TOOL.origin)]
    talk.say("/laterna/panicInTime", 0.0, now=2.0)
    assert talk.main() == [Trigger("panicInTime", (0.0,), TOOL.origin)]


def test_a_value_that_is_repeated_at_sixty_hertz_is_set_once() -> None:
    talk = Talk()
    for frame in range(600):
        data = packed(0, write("/laterna/walk/speed", 0.5), write("/laterna/walk/amount", frame / 600))
        talk.server.receive(TOOL, data, frame / 60, WALL)
        if frame == 0:
            talk.main()
    settings = [each for bundle in talk.main() if isinstance(bundle, Bundle) for each in bundle.messages]
    assert {each.name for each in settings if isinstance(each, SetParam)} == {"walk/amount"}


def test_the_same_value_after_a_pause_is_a_setting_again() -> None:
    talk = Talk()
    for now in (0.0, 1.0, 5.0):
        talk.say("/laterna/walk/speed", 0.5, now=now)
        talk.main() if now == 0.0 else None
    assert talk.main() == [SetParam("walk/speed", 0.5, TOOL.origin)]


def test_a_query_after_a_set_is_answered_by_the_show_and_later_ones_at_once() -> None:
    talk = Talk()
    data = packed(0, write("/laterna/walk/speed", 0.9), write("/laterna/walk/speed", "?"))
    talk.server.receive(TOOL, data, 0.0, WALL)
    assert talk.heard() == []
    query = Query("walk/speed", TOOL.origin, "/laterna/walk/speed")
    assert talk.main() == [Bundle((SetParam("walk/speed", float(np.float32(0.9)), TOOL.origin), query))]
    talk.server.feedback(Changed("walk/speed", 0.9, TOOL.origin), 0.1)
    talk.server.feedback(Answer("walk/speed", 0.9, TOOL.origin, "/laterna/walk/speed"), 0.1)
    assert talk.heard(0.1) == [(TOOL, Message("/laterna/walk/speed", (float(np.float32(0.9)),)))]
    assert len(talk.say("/laterna/walk/amount", "?", now=0.2)) == 1
    assert talk.main() == []


def test_a_panic_cancels_what_is_scheduled() -> None:
    for from_this_sender in (True, False):
        talk = Talk()
        talk.server.receive(OTHER, packed(WALL + 3.0, write("/prompt", "fog")), 0.0, WALL)
        if from_this_sender:
            talk.say("/laterna/panic")
        else:
            talk.server.feedback(PANIC, 0.0)
        talk.main()
        talk.heard(10.0)
        assert talk.main() == []


def test_a_sender_whose_clock_is_ahead_is_told_and_so_is_the_operator() -> None:
    talk = Talk()
    heard = []
    for frame in range(300):
        data = packed(WALL + frame / 60 + 3.0, write("/laterna/walk/speed", frame / 300))
        talk.server.receive(TOOL, data, frame / 60, WALL + frame / 60)
        heard += [message.args for _, message in talk.heard(frame / 60)]
    assert heard == [
        ("#bundle", "the clock of 127.0.0.1 is 3.0 s ahead: everything it sends is delayed by that."),
    ]
    assert len(talk.notices) == 1


def test_why_tells_the_latest_messages_and_what_became_of_them() -> None:
    talk = Talk()
    for frame in range(60):
        talk.say("/laterna/walk/speed", frame / 60, now=frame / 60)
    talk.say("/laterna/nothing", now=1.0)
    talk.server.feedback(MessageRejected(TOOL.origin, "go", "there is no next cue."), 2.0)
    talk.heard(2.0)
    told = [message.args[1:] for _, message in talk.say("/laterna/why", now=3.0)]
    assert {sender for sender, _, _ in told} == {"127.0.0.1:50000"}
    assert [(message, str(verdict)[:25]) for _, message, verdict in told] == [
        ("/laterna/walk/speed 0.983333", "taken"),
        ("/laterna/nothing", "refused: unknown address;"),
        ("/laterna/go", "refused: there is no next"),
    ]


def test_a_fixed_subscriber_gets_everything_every_thirty_seconds_and_when_it_comes_back() -> None:
    talk = Talk()
    desk = Peer("127.0.0.1", 9411)
    talk.server.subscriptions.add_fixed(desk, talk.server.readings, 0.0)
    everything = len(talk.heard(0.0))
    assert everything > 50
    assert len(talk.heard(29.0)) == 0
    assert len(talk.heard(30.0)) == everything
    assert len(talk.say("/laterna/walk/speed", 0.5, now=40.0)) == everything
    for frame in range(120):
        assert talk.say("/laterna/walk/speed", frame / 120, now=40.0 + frame / 60) == []


def test_renewing_is_acknowledged_and_the_end_of_a_lease_is_said() -> None:
    talk = Talk()
    talk.say("/laterna/subscribe", 9500, "walk/speed")
    talk.say("/laterna/subscribe", 9500, "mode")
    listens = Peer(TOOL.host, 9500)
    assert talk.say("/laterna/renew", now=50.0) == [
        (peer, Message("/laterna/renew", (60.0,))) for peer in (TOOL, listens)
    ]
    talk.server.feedback(Changed("walk/speed", 0.75), 100.0)
    talk.server.feedback(Changed("mode", "live"), 100.0)
    assert [message.address for _, message in talk.heard(100.0)] == ["/laterna/walk/speed", "/laterna/mode"]
    assert [(peer, message.address) for peer, message in talk.heard(111.0)] == [(listens, "/laterna/goodbye")]


def test_the_names_of_cues_can_be_queried_but_are_not_part_of_a_snapshot() -> None:
    talk = Talk()
    talk.server.feedback(CuesChanged((CueEntry(1, "sunrise", "a red sun"), CueEntry(2, "night", ""))), 0.0)
    assert talk.say("/laterna/cue/2/name", "?") == [(TOOL, Message("/laterna/cue/2/name", ("night",)))]
    assert talk.say("/laterna/cue/3/name", "?") == [error("/laterna/cue/3/name", "there is no cue with this number.")]
    addresses = {message.address for _, message in talk.say("/laterna/subscribe", 9500)}
    assert "/laterna/cue/1/name" not in addresses


def test_a_bundle_reaches_main_as_a_whole_without_its_rejected_messages() -> None:
    talk = Talk()
    parts = [write("/laterna/blackout", 1), write("/laterna/nothing"), write("/prompt", "fog"), write("/laterna/ping")]
    talk.server.receive(TOOL, packed(0, *parts), 0.0, WALL)
    assert talk.main() == [Bundle((SetParam("blackout", True, TOOL.origin), Trigger("prompt", ("fog",), TOOL.origin)))]
    addresses = [message.address for _, message in talk.heard()]
    assert (addresses[0], addresses[-1]) == ("/laterna/error", "/laterna/pong")


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
    talk.server.receive(TOOL, packed(0, *(write("/laterna/walk/*", each / 200) for each in range(200))), 0.0, WALL)
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
                row = find_param(message.name)
                assert row.low <= message.value <= row.high
    assert talk.server.counts["rejected"] > 300
