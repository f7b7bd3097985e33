"""The web surface over real HTTP and WebSockets: pages, access, commands, feedback."""

from __future__ import annotations

import pickle
import socket
import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from installation.control.web.server import MAX_CONNECTIONS_OF_HOST
from installation.core.messages import Changed, MessageRejected, Notice, Origin, SetParam, Trigger
from installation.show.settings import AudienceSettings, WebSettings
from tests.control.web.client import RunningWeb, content, running_web
from tests.running import until
from tests.workers import PATIENCE

LOCKED = WebSettings(port=0, passcode="abend")


@pytest.fixture(scope="module")
def web() -> Iterator[RunningWeb]:
    with running_web() as running:
        yield running


@pytest.fixture(scope="module")
def locked() -> Iterator[RunningWeb]:
    with running_web(LOCKED) as running:
        yield running


def logged_in(web: RunningWeb) -> str:
    """The cookie of an operator."""
    response = web.post("/login", "passcode=abend")
    assert (response.status, response.getheader("Location")) == (303, "/operator")
    return str(response.getheader("Set-Cookie")).partition(";")[0]


# -- pages ------------------------------------------------------------------------------------------------------------


def test_the_pages_and_their_files_are_served_with_headers_that_keep_them_safe(web: RunningWeb) -> None:
    page = web.get("/operator")
    assert page.status == 200
    policy = str(page.getheader("Content-Security-Policy"))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.getheader("X-Content-Type-Options") == "nosniff"
    for name, kind in {"operator.mjs": "text/javascript", "operator.css": "text/css", "icon.svg": "image/svg"}.items():
        assert str(web.get(f"/static/{name}").getheader("Content-Type")).startswith(kind)
    assert 'style="' not in content(page)
    assert "<script>" not in content(page)


def test_a_file_that_the_browser_has_is_not_sent_again(web: RunningWeb) -> None:
    first = web.get("/static/operator.mjs")
    again = web.get("/static/operator.mjs", **{"If-None-Match": str(first.getheader("ETag"))})
    assert (again.status, content(again)) == (304, "")


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/..%2fapp.py", "/static/operator.html", "/static/none"])
def test_nothing_else_is_served(web: RunningWeb, path: str) -> None:
    assert web.get(path).status == 404


def test_a_browser_at_the_root_gets_the_operator_page(web: RunningWeb) -> None:
    assert web.get("/", Accept="text/html,*/*").getheader("Location") == "/operator"
    assert web.get("/?HTML").getheader("Location") == "/operator"


# -- access -----------------------------------------------------------------------------------------------------------


def test_without_the_passcode_there_is_only_the_login_page(locked: RunningWeb) -> None:
    assert locked.get("/operator").getheader("Location") == "/login"
    assert [locked.get(path).status for path in ("/login", "/", "/picture.jpg")] == [200, 401, 403]
    for path in ("/operator/socket", "/operator/picture", "/"):
        with locked.socket(path) as client, pytest.raises(ConnectionClosed) as closed:
            client.connection.recv(timeout=PATIENCE)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


def test_the_passcode_opens_everything(locked: RunningWeb) -> None:
    cookie = logged_in(locked)
    assert locked.get("/operator", Cookie=cookie).status == 200
    with locked.socket(cookie=cookie) as client:
        assert client.hear("hello")["title"] == "Evening"


def test_a_program_without_cookies_gives_the_passcode_with_each_request(locked: RunningWeb) -> None:
    assert locked.get("/", Authorization="Basic OmFiZW5k").status == 200
    assert locked.get("/", Authorization="Basic Om1vcmdlbg==").status == 401
    assert locked.get("/", Authorization="Basic %%%").status == 401


def test_panic_and_blackout_need_no_passcode(locked: RunningWeb) -> None:
    locked.sent.clear()
    assert locked.post("/emergency/panic").status == 303
    assert locked.post("/emergency/blackout").status == 303
    assert locked.post("/emergency/go").status == 404
    assert [each.name for each in locked.sent if isinstance(each, (Trigger, SetParam))] == ["panic", "blackout"]
    assert {locked.post("/emergency/panic").status for _ in range(5)} >= {429}


def test_wrong_passcodes_make_the_address_wait() -> None:
    with running_web(LOCKED) as web:
        answers = [str(web.post("/login", f"passcode={n}").getheader("Location")) for n in range(7)]
        assert answers[:5] == ["/login?wrong"] * 5
        assert answers[-1].startswith("/login?wait=")
        assert str(web.post("/login", "passcode=abend").getheader("Location")).startswith("/login?wait=")


def test_a_login_with_too_much_in_it_is_refused(locked: RunningWeb) -> None:
    assert locked.post("/login", "passcode=" + "x" * 10_000).getheader("Location") == "/login?wrong"
    assert locked.post("/login", "&".join(f"a{n}=1" for n in range(50))).getheader("Location") == "/login?wrong"


def test_who_is_logged_in_stays_so_when_the_process_is_replaced() -> None:
    with running_web(LOCKED) as first:
        cookie, left = logged_in(first), first.surface.handover()
    with running_web(LOCKED, handover=left) as second:
        assert second.get("/operator", Cookie=cookie).status == 200
    with running_web(LOCKED) as stranger:
        assert stranger.get("/operator", Cookie=cookie).status == 303


def test_foreign_hosts_and_origins_are_refused(web: RunningWeb) -> None:
    assert web.get("/operator", Host="evil.example").status == 403
    assert web.post("/emergency/panic", Origin="http://evil.example").status == 403
    with pytest.raises(InvalidStatus) as refused, web.socket(origin="http://evil.example"):
        pass
    assert refused.value.response.status_code == 403


# -- commands and feedback --------------------------------------------------------------------------------------------


def test_commands_become_messages_with_the_page_as_their_origin(web: RunningWeb) -> None:
    web.sent.clear()
    with web.socket() as client:
        client.hear("hello")
        client.send({"set": "walk/speed", "value": 0.5})
        client.send({"set": "blackout", "value": True, "seconds": 2})
        client.send({"fire": "prompt", "args": ["a <b>red</b> fox"]})
        client.send({"fire": "go"})
        until(lambda: len(web.sent) == 4, PATIENCE, "four messages")
        host, port = client.connection.local_address[:2]
    origin = Origin("web", f"{host}:{port}")
    assert web.sent == [
        SetParam("walk/speed", 0.5, origin),
        SetParam("blackout", True, origin, 2.0),
        Trigger("prompt", ("a <b>red</b> fox",), origin),
        Trigger("go", (), origin),
    ]


@pytest.mark.parametrize(
    "command",
    [
        "not json",
        b"\xff\xfe",
        "[1, 2]",
        '{"set": "walk/speed"}',
        '{"set": "walk/speed", "value": null}',
        '{"set": "walk/speed", "value": NaN}',
        '{"set": "walk/speed", "value": 1e999}',
        '{"set": "walk/speed", "value": [1]}',
        '{"set": "walk/speed", "value": 0.5, "seconds": "soon"}',
        '{"fire": "prompt", "args": "a fox"}',
        '{"fire": "go", "args": [1, 2, 3, 4, 5, 6, 7, 8, 9]}',
        '{"fire": "' + "x" * 300 + '"}',
        '{"set": "prompt/negative", "value": "' + "x" * 2000 + '"}',
        "[" * 50_000,
        "{}",
    ],
)
def test_a_malformed_command_is_refused_with_a_sentence_and_the_socket_stays(web: RunningWeb, command: object) -> None:
    web.sent.clear()
    with web.socket() as client:
        client.send(command)
        (refused,) = client.hear("refused")
        assert refused["reason"].endswith(".")
        client.send({"ping": 7})
        assert client.hear("pong") == 7
    assert web.sent == []


def test_a_message_that_is_too_large_closes_the_socket(web: RunningWeb) -> None:
    with web.socket() as client:
        client.hear("hello")
        client.send("x" * 100_000)
        with pytest.raises(ConnectionClosed):
            client.hear("pong")


def test_two_pages_see_every_change_and_only_the_sender_is_told_of_its_rejection(web: RunningWeb) -> None:
    with web.socket() as one, web.socket() as two:
        values = [client.hear("hello")["values"]["walk/amount"] for client in (one, two)]
        assert values == [0.4, 0.4]
        host, port = one.connection.local_address[:2]
        web.surface.feedback(Changed("walk/amount", 0.75, Origin("web", f"{host}:{port}")))
        assert [client.hear("values")["walk/amount"] for client in (one, two)] == [0.75, 0.75]
        web.surface.feedback(MessageRejected(Origin("web", f"{host}:{port}"), "go", "there is no next cue."))
        assert one.hear("refused") == [{"name": "go", "reason": "there is no next cue."}]
        web.surface.feedback(Notice("speech", "The microphone is gone."))
        logged = two.hear("log", lambda log: log[-1]["kind"] == "notice")
        assert logged[-1]["text"] == "The microphone is gone."
        web.surface.feedback(Changed("walk/amount", 0.4, Origin("keyboard")))


def test_of_many_changes_a_page_gets_the_last_one(web: RunningWeb) -> None:
    with web.socket() as client:
        client.hear("hello")
        for number in range(5000):
            web.surface.feedback(Changed("walk/speed", number / 5000, Origin("osc")))
        heard: list[float] = []
        while not heard or heard[-1] != 4999 / 5000:
            heard.append(client.hear("values")["walk/speed"])
    assert heard == sorted(heard)
    assert len(heard) < 500


def test_when_the_show_takes_no_more_the_page_is_told() -> None:
    with running_web(full=True) as web, web.socket() as client:
        client.send({"fire": "queue/add", "args": ["a fox"]})
        assert client.hear("refused")[0]["reason"] == "too many messages are waiting; this one is dropped."


def test_faders_of_one_page_are_limited_and_panic_is_not(web: RunningWeb) -> None:
    web.sent.clear()
    with web.socket() as client:
        client.hear("hello")
        for number in range(2000):
            client.send({"set": "walk/speed", "value": number / 2000})
        client.send({"fire": "panic"})
        until(lambda: any(isinstance(each, Trigger) for each in web.sent), PATIENCE, "panic")
        assert client.hear("refused")[0]["reason"] == "too many commands per second."
    assert len(web.sent) < 1500


# -- the server -------------------------------------------------------------------------------------------------------


def test_requests_that_are_no_http_do_no_harm(web: RunningWeb, capfd: pytest.CaptureFixture[str]) -> None:
    rubbish = (b"\0" * 100, b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"x" * 100_000, b"POST /login HTTP/1.1\r\n\r\n")
    for data in rubbish:
        with socket.create_connection(("127.0.0.1", web.port), PATIENCE) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65_536):
                pass
    assert web.get("/login").status in (200, 303)
    assert "Traceback" not in capfd.readouterr().err


def test_one_host_cannot_take_all_connections() -> None:
    with running_web() as web:
        idle = [socket.create_connection(("127.0.0.1", web.port), PATIENCE) for _ in range(MAX_CONNECTIONS_OF_HOST)]
        try:
            with socket.create_connection(("127.0.0.1", web.port), PATIENCE) as one_more:
                assert one_more.recv(1) == b""
        except ConnectionResetError:
            pass  # closed as well
        finally:
            for each in idle:
                each.close()
        until(lambda: web.get("/operator").status == 200, PATIENCE, "an answer")


def test_a_used_port_is_reported_in_one_sentence_and_opened_when_it_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        web = RunningWeb(WebSettings(port=port), AudienceSettings(), None, full=False)
        web.surface.start()
        assert web.surface.figures().reason == (
            f"Port {port} is used by another program: no operator page. Choose another with --set web.port=N."
        )
    try:
        until(lambda: web.port == port and not web.surface.figures().reason, PATIENCE, "the port")
        assert web.get("/operator").status == 200
    finally:
        web.surface.stop()


def test_a_host_of_another_machine_is_reported_in_one_sentence() -> None:
    web = RunningWeb(WebSettings(host="203.0.113.9", port=0, passcode="x"), AudienceSettings(), None, full=False)
    web.surface.start()
    web.surface.stop()
    assert web.surface.figures().reason == (
        "web.host = '203.0.113.9' is not an address of this machine; set it to one of its own."
    )


# -- the audience -----------------------------------------------------------------------------------------------------


def test_a_show_without_an_audience_has_no_page_for_it(web: RunningWeb) -> None:
    assert web.get("/audience").status == 404


def test_words_of_a_visitor_reach_the_queue_and_no_operator_rights_come_with_them() -> None:
    with running_web(LOCKED, AudienceSettings(enabled=True)) as web:
        until(lambda: web.sent, PATIENCE, "the address of the page")
        assert web.sent.pop() == SetParam("audience/url", f"http://127.0.0.1:{web.port}/audience", Origin("web"))
        page = web.get("/audience")
        cookie = str(page.getheader("Set-Cookie")).partition(";")[0]
        assert page.status == 200
        assert "HttpOnly" in str(page.getheader("Set-Cookie"))
        with web.socket("/audience/socket", cookie) as visitor:
            assert visitor.hear("hello")["question"] == "What do you want to see?"
            visitor.send({"say": "  a red\n<script>fox</script> "})
            assert visitor.hear("mine")[0]["state"] == "sent"
            visitor.send({"say": "another"})
            assert "One moment" in visitor.hear("answer")
            visitor.send({"fire": "go"})
            assert visitor.hear("answer") == "That was not understood."
        (said,) = web.sent
        assert isinstance(said, Trigger)
        assert (said.name, said.args, said.origin.source) == ("queue/add", ("a red <script>fox</script>",), "audience")
        assert web.get("/operator", Cookie=cookie).status == 303


def test_a_visitor_sees_the_words_again_when_the_process_was_replaced() -> None:
    enabled = AudienceSettings(enabled=True)
    with running_web(audience=enabled) as first:
        cookie = str(first.get("/audience").getheader("Set-Cookie")).partition(";")[0]
        with first.socket("/audience/socket", cookie) as visitor:
            visitor.send({"say": "a fox"})
            visitor.hear("mine")
        first.surface.feedback(Changed("status/alive", 1))
        until(lambda: first.surface.handover().submissions, PATIENCE, "the handover")
        left = pickle.loads(pickle.dumps(first.surface.handover()))
    with running_web(audience=enabled, handover=left) as second, second.socket("/audience/socket", cookie) as visitor:
        assert visitor.hear("mine")[0]["text"] == "a fox"


@pytest.mark.parametrize("cookie", ["", "laterna_visitor=audience:1.abc", f"laterna_visitor={quote('é')}"])
def test_a_visitor_without_a_signed_cookie_is_sent_to_the_page(cookie: str) -> None:
    with running_web(audience=AudienceSettings(enabled=True)) as web:
        with web.socket("/audience/socket", cookie) as visitor, pytest.raises(ConnectionClosed) as closed:
            visitor.hear("hello")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


def test_a_thousand_submissions_a_minute_from_one_address_become_six() -> None:
    with running_web(audience=AudienceSettings(enabled=True)) as web:

        def flood(cookie: str) -> None:
            with web.socket("/audience/socket", cookie) as visitor:
                for number in range(250):
                    visitor.send({"say": f"words {number}"})
                visitor.hear("answer")
                visitor.connection.ping().wait(PATIENCE)

        cookies = [str(web.get("/audience").getheader("Set-Cookie")).partition(";")[0] for _ in range(4)]
        floods = [threading.Thread(target=flood, args=(cookie,)) for cookie in cookies]
        for each in floods:
            each.start()
        for each in floods:
            each.join(PATIENCE)
        said = [each for each in web.sent if isinstance(each, Trigger)]
        assert len(said) == 4  # one of each visitor; an address may send six
        assert web.get("/operator").status == 200
