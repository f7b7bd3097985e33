"""The RTSP server: real connections, FFmpeg as a viewer, viewers that do not read."""

from __future__ import annotations

import itertools
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.outputs.interface import FrameFormat
from installation.outputs.rtp import MAX_PAYLOAD, describe, nal_units, rtp_packets
from installation.outputs.rtsp import RtspSettings, RtspSink, check
from installation.outputs.rtsp_server import MAX_CONNECTIONS, MAX_CONNECTIONS_OF_HOST
from installation.outputs.srt import SrtSettings
from installation.outputs.srt import check as check_srt
from tests.outputs.stream_pictures import SIZE, Source, ffmpeg_viewer
from tests.outputs.test_mjpeg import free_tcp_port
from tests.running import running, until

LIMIT = 60.0


@contextmanager
def sink(passcode: str = "") -> Iterator[RtspSink]:
    made = RtspSink(RtspSettings(port=free_tcp_port(), passcode=passcode))
    made.open(FrameFormat(*SIZE, 30.0))
    try:
        yield made
    finally:
        made.close(0.0)


def url(sink: RtspSink, passcode: str = "") -> str:
    return sink.figures().target.replace("//", f"//:{passcode}@" if passcode else "//")


def ask(sink: RtspSink, request: str) -> str:
    """The answer to the text of a request; "" if the server hangs up."""
    with socket.create_connection(("127.0.0.1", sink._settings.port), LIMIT) as connection:
        connection.sendall(request.encode())
        return connection.recv(4096).decode()


def hung_up(connection: socket.socket) -> bool:
    """Whether the server ends a connection that says nothing, within the socket's time."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def answers(port: int) -> bool:
    """Whether something listens at that port."""
    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except OSError:
        return False
    return True


def test_units_are_split_and_large_ones_sent_in_fragments() -> None:
    small, large = b"\x67small", b"\x65" + bytes(range(1, 256)) * 12
    assert nal_units(b"\0\0\0\1" + small + b"\0\0\1" + large) == [small, large]
    packets = list(rtp_packets([small, large], 3000, 0xFFFF, 7))
    assert all(len(packet) <= MAX_PAYLOAD + 12 for packet in packets)
    assert packets[0][12:] == small
    assert b"".join(packet[14:] for packet in packets[1:]) == large[1:]
    assert [packet[1] >> 7 for packet in packets] == [0, 0, 0, 1]
    assert [packet[13] >> 6 for packet in packets[1:]] == [2, 0, 1]
    assert [int.from_bytes(packet[2:4], "big") for packet in packets] == [0xFFFF, 0, 1, 2]


def test_the_description_names_profile_and_parameter_sets() -> None:
    text = describe("Laterna", "::1", [b"\x67\x64\x00\x1e", b"\x68\xee"])
    assert "profile-level-id=64001e;sprop-parameter-sets=Z2QAHg==,aO4=" in text
    assert "c=IN IP6 ::" in text


@pytest.mark.parametrize(
    ("request_text", "answer"),
    [
        ("OPTIONS * RTSP/1.0\r\nCSeq: 5\r\n\r\n", "RTSP/1.0 200 OK\r\nCSeq: 5"),
        ("DESCRIBE rtsp://x/other RTSP/1.0\r\n\r\n", "RTSP/1.0 404"),
        ("PLAY rtsp://x/laterna RTSP/1.0\r\n\r\n", "RTSP/1.0 455"),
        ("RECORD rtsp://x/laterna RTSP/1.0\r\n\r\n", "RTSP/1.0 501"),
        ("SETUP rtsp://x/laterna RTSP/1.0\r\nTransport: RTP/AVP;unicast;client_port=1-2\r\n\r\n", "RTSP/1.0 461"),
        ("GET / HTTP/1.1\r\n\r\n", "RTSP/1.0 404"),
        ("nonsense\r\n\r\n", ""),
        ("$\0\0\4abcdOPTIONS * RTSP/1.0\r\n\r\n", "RTSP/1.0 200"),
        ("OPTIONS * RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n", ""),
        (f"OPTIONS * RTSP/1.0\r\nX: {'x' * 9000}\r\n\r\n", ""),
    ],
)
def test_requests_are_answered_and_nonsense_hangs_up(request_text: str, answer: str) -> None:
    with sink() as made:
        try:
            found = ask(made, request_text)
        except ConnectionResetError:
            found = ""
        assert found.startswith(answer)
        assert bool(found) == bool(answer)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2 without setting it up")
def test_silent_connections_of_one_host_do_not_keep_others_out() -> None:
    with sink() as made, ExitStack() as silent:
        address = ("127.0.0.1", made._settings.port)
        held = [silent.enter_context(socket.create_connection(address, LIMIT)) for _ in range(MAX_CONNECTIONS)]
        refused = held[MAX_CONNECTIONS_OF_HOST:]
        assert all(hung_up(connection) for connection in refused)
        other = silent.enter_context(socket.create_connection(address, LIMIT, ("127.0.0.2", 0)))
        other.sendall(b"OPTIONS * RTSP/1.0\r\n\r\n")
        assert other.recv(4096).startswith(b"RTSP/1.0 200")
        held[0].sendall(b"OPTIONS * RTSP/1.0\r\n\r\n")
        assert held[0].recv(4096).startswith(b"RTSP/1.0 200")


def test_a_port_in_use_is_one_sentence() -> None:
    with sink() as made, pytest.raises(ShowError, match=f"Port {made._settings.port} cannot be opened for RTSP"):
        RtspSink(made._settings).open(FrameFormat(*SIZE, 30.0))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (RtspSettings(port=0), "port is 0"),
        (RtspSettings(rate=0.5), "rate is 0.5"),
        (RtspSettings(megabits=1e9), "megabits is 1e"),
        (RtspSettings(host="0.0.0.0"), "opens the stream to a network; set passcode too"),
    ],
)
def test_a_setting_that_cannot_work_is_one_sentence(settings: RtspSettings, sentence: str) -> None:
    with pytest.raises(ShowError, match=sentence):
        check(settings)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (SrtSettings(viewers=9), "viewers is 9"),
        (SrtSettings(latency_ms=1), "latency_ms is 1"),
        (SrtSettings(passcode="short"), "10 to 79 letters"),
        (SrtSettings(url="http://x"), "write srt://HOST:PORT"),
        (SrtSettings(host="x;y", passcode="long-enough-1"), "write an address"),
    ],
)
def test_a_setting_of_srt_that_cannot_work_is_one_sentence(settings: SrtSettings, sentence: str) -> None:
    with pytest.raises(ShowError, match=sentence):
        check_srt(settings)


@pytest.mark.slow
def test_a_show_goes_on_while_the_port_is_taken_and_sends_when_it_is_free(tmp_path: Path) -> None:
    with ExitStack() as shows, socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        (tmp_path / "wall.toml").write_text(f'[[output]]\nkind = "rtsp"\nport = {port}\n', encoding="utf-8")
        fakes = ["--set", "models.generator=fake", "--set", "models.perceptor=fake"]
        show = shows.enter_context(running("wall.toml", tmp_path, fakes))
        until(lambda: f"Port {port} cannot be opened for RTSP" in show.log(), LIMIT, "the reason")
        taken.close()
        until(lambda: answers(port), LIMIT, "the output")
        with ffmpeg_viewer(f"rtsp://127.0.0.1:{port}/laterna", size=(1280, 720)) as viewer:
            assert len(list(itertools.islice(viewer, 5))) == 5
        assert show.end(60.0)["processes"]["rtsp"]["restarts"] > 0


@pytest.mark.slow
def test_ffmpeg_sees_every_frame_in_order() -> None:
    with sink("open sesame") as made, Source(made) as source:
        with ffmpeg_viewer(url(made, "open%20sesame")) as viewer:
            seen = list(itertools.islice(viewer, 90))
        assert seen == list(range(seen[0], seen[0] + 90))
        assert source.error == ""
        until(lambda: made.figures().viewers == 0, LIMIT, "the viewer is gone")
        with ffmpeg_viewer(url(made, "wrong")) as stranger:
            assert list(stranger) == []


@pytest.mark.slow
def test_twenty_viewers_that_do_not_read_hold_up_nobody() -> None:
    with sink() as made, Source(made) as source, ExitStack() as slow:
        for _ in range(20):
            connection = slow.enter_context(socket.create_connection(("127.0.0.1", made._settings.port)))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            for method, more in (("SETUP", "Transport: RTP/AVP/TCP;interleaved=0-1\r\n"), ("PLAY", "")):
                connection.sendall(f"{method} {url(made)} RTSP/1.0\r\n{more}\r\n".encode())
                assert connection.recv(1000).startswith(b"RTSP/1.0 200")
        until(lambda: made.figures().viewers == 20, LIMIT, "twenty viewers")
        with ffmpeg_viewer(url(made)) as viewer:
            seen = list(itertools.islice(viewer, 60))
        assert seen == list(range(seen[0], seen[0] + 60))
        assert source.error == ""
