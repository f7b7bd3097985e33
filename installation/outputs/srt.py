"""The output `srt`: H.264 in MPEG-TS over SRT, sent by FFmpeg, which copies what the worker has encoded once.

PyAV is built without SRT, the FFmpeg of imageio-ffmpeg has it. Its fifo muxer gives each viewer a queue that drops
frames until the next key frame, and listens again when a viewer has left.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.outputs.interface import FrameFormat, OutputSpec, Picture
from installation.outputs.newest_frame import NewestFrameSink, Pacer
from installation.outputs.stream_settings import TIME_BASE, StreamSettings, check_stream, stream_size

if TYPE_CHECKING:
    from av.container import OutputContainer

MAX_VIEWERS = 8
FIFO = (  # of each viewer
    "drop_pkts_on_overflow=1:attempt_recovery=1:recover_any_error=1:recovery_wait_time=0.2:restart_with_keyframe=1"
    ":queue_size=60"
)
LISTEN_MICROSECONDS = 1_000_000  # then it listens again: so it ends soon, and frees the port, if the worker is killed
EXIT_SECONDS = 3.0
# A listener that nobody calls, and a place that does not answer, time out again and again.
_NOT_OPENED = re.compile(r"Error opening (srt://[^?]+)\S*(: (?!Connection timed out).+)")
_URL = re.compile(r"srt://[\w.\[\]:-]+:\d{1,5}", re.ASCII)


@dataclass(frozen=True)
class SrtSettings(StreamSettings):
    """Who gets the stream, and with what delay."""

    port: int = 9710
    viewers: int = 1  # SRT's listener takes one on each port: `port` and those that follow
    latency_ms: int = 120  # in which lost packets are sent again
    url: str = ""  # send to a listener there instead of listening: srt://192.168.0.7:9000


def check(settings: SrtSettings) -> None:
    """Raise ShowError for a value that cannot work, or if imageio-ffmpeg is missing."""
    where = "[[output]] of kind 'srt':"
    check_stream("srt", settings)
    if not 1 <= settings.viewers <= MAX_VIEWERS:
        raise ShowError(f"{where} viewers is {settings.viewers}; it goes from 1 to {MAX_VIEWERS}.")
    if not 20 <= settings.latency_ms <= 8000:
        raise ShowError(f"{where} latency_ms is {settings.latency_ms}; it goes from 20 to 8000.")
    if settings.passcode and not re.fullmatch(r"[\w-]{10,79}", settings.passcode, re.ASCII):
        raise ShowError(f"{where} a passcode of SRT has 10 to 79 letters, digits, - or _.")
    if settings.url and not _URL.fullmatch(settings.url):
        raise ShowError(f"{where} url is '{settings.url}'; write srt://HOST:PORT.")
    if not re.fullmatch(r"[\w.\[\]:-]+", settings.host, re.ASCII):
        raise ShowError(f"{where} host is '{settings.host}'; write an address such as 192.168.0.5.")
    ffmpeg()


def ffmpeg() -> str:
    """The path of the FFmpeg of imageio-ffmpeg. Raises ShowError if there is none."""
    try:
        import imageio_ffmpeg
    except ImportError:
        raise ShowError(f"The output 'srt' needs imageio-ffmpeg: {pip_install('srt')}.") from None
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise ShowError(f"imageio-ffmpeg has no FFmpeg for this machine: {error}.") from None


class SrtSink(NewestFrameSink):
    """Encodes the newest frame, and pipes it to FFmpeg."""

    kind = "srt"

    def __init__(self, settings: SrtSettings) -> None:
        super().__init__()
        self._settings, self._pacer = settings, Pacer(settings.rate)
        self._addresses = [settings.url] if settings.url else [address(settings, n) for n in range(settings.viewers)]
        self._target = " ".join(self._addresses)
        self._sender: _Sender | None = None
        self._told = ""  # what the operator knows of it

    def open(self, frames: FrameFormat) -> None:
        """Wait for the first frame: it says how large the picture is."""
        self._format = frames

    def write(self, frame: Picture, at: float) -> None:
        """Encode and send a frame. Raises ShowError if FFmpeg has ended, and why; the worker is then restarted."""
        self._frames += 1
        if not self._pacer.due(at):
            return
        if self._sender is None:
            size = stream_size(self._format, frame)
            self._sender = _Sender(size, self._settings, self._addresses)
        self._bytes += self._sender.send(frame, at)
        self._viewers = self._sender.viewers
        if self._sender.trouble != self._told:
            self._told = self._sender.trouble
            self._notices.append(f"The stream over SRT does not start, and is tried again: {self._told}.")

    def close(self, now: float) -> None:
        """End FFmpeg."""
        del now
        if self._sender:
            self._sender.close()
            self._sender = None


class _Sender:
    """FFmpeg, and the encoder whose packets it copies."""

    def __init__(self, size: tuple[int, int], settings: SrtSettings, addresses: list[str]) -> None:
        from installation.outputs.h264_stream import H264Stream

        self._encoder = H264Stream(size, settings)
        self._passcode = settings.passcode
        self._process = subprocess.Popen(
            command(settings, addresses), stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        self.viewers = 0
        self.trouble = ""  # why an address could not be opened
        self._last_words: deque[str] = deque(maxlen=3)
        self._listener = threading.Thread(target=self._listen, name="ffmpeg", daemon=True)
        self._listener.start()
        self._container: OutputContainer | None = None
        self._sent = 0

    def send(self, picture: Picture, at: float) -> int:
        """Returns the bytes sent."""
        from av.packet import Packet

        before = self._sent
        try:
            for frame in self._encoder.encode(picture, at):
                self._container = self._container or self._open()
                packet = Packet(frame.data)
                packet.stream = self._container.streams.video[0]
                packet.time_base, packet.pts, packet.dts = TIME_BASE, frame.time, frame.time
                packet.is_keyframe = frame.key
                self._container.mux(packet)
        except OSError:
            self._process.wait(EXIT_SECONDS)
            self._listener.join(EXIT_SECONDS)
            raise ShowError(f"FFmpeg has ended: {'; '.join(self._last_words) or 'without a reason'}.") from None
        return self._sent - before

    def _open(self) -> OutputContainer:
        """NUT has exact times and no delay."""
        import av

        container = av.open(self, "w", format="nut", options={"flush_packets": "1"})
        width, height = self._encoder.size
        container.add_mux_stream("h264", width=width, height=height, time_base=TIME_BASE)
        return container

    def write(self, data: bytes) -> int:
        """Called by the muxer."""
        assert self._process.stdin
        self._process.stdin.write(data)
        self._process.stdin.flush()
        self._sent += len(data)
        return len(data)

    def _listen(self) -> None:
        """Count the viewers, and remember why FFmpeg ends."""
        assert self._process.stderr
        for line in self._process.stderr:
            text = line.decode(errors="replace").strip()
            self.viewers += "accept streamid" in text
            self.viewers -= "bytes written" in text and self.viewers > 0  # a connection was closed
            if "rror" in text or "failed" in text:
                words = _without(self._passcode, re.sub(r"^\[[^]]*\] ", "", text))
                self._last_words.append(words)
                if found := _NOT_OPENED.match(words):
                    self.trouble = found[1] + found[2]

    def close(self) -> None:
        self._process.kill()  # waiting listeners would hold it for ever
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stderr):
            if pipe:
                with contextlib.suppress(BrokenPipeError):  # bytes that it has not taken
                    pipe.close()


def address(settings: SrtSettings, number: int) -> str:
    """The address that viewer `number`, from 0, connects to; it also names where FFmpeg listens."""
    return f"srt://{settings.host}:{settings.port + number}"


def command(settings: SrtSettings, addresses: list[str]) -> list[str]:
    """FFmpeg's command line: NUT from standard input, MPEG-TS to each address."""
    query = f"mode={'caller' if settings.url else 'listener'}&latency={settings.latency_ms * 1000}"
    if not settings.url:
        query += f"&listen_timeout={LISTEN_MICROSECONDS}"
    if settings.passcode:
        query += f"&passphrase={settings.passcode}"
    targets = [f"[f=mpegts:onfail=ignore]{_escaped(f'{each}?{query}')}" for each in addresses]
    given = ["-f", "nut", "-probesize", "32", "-analyzeduration", "0", "-fflags", "nobuffer", "-i", "pipe:0"]
    return [
        *(ffmpeg(), "-hide_banner", "-nostats", "-loglevel", "verbose", *given, "-map", "0", "-c", "copy"),
        *("-f", "tee", "-use_fifo", "1", "-fifo_options", FIFO, "|".join(targets)),
    ]


def _without(passcode: str, text: str) -> str:
    """FFmpeg names whole addresses in its errors, which the operator, the log and the control surfaces get."""
    return text.replace(passcode, "...") if passcode else text


def _escaped(url: str) -> str:
    """A URL in the list of the tee muxer."""
    return re.sub(r"([\\:|\[\]'])", r"\\\1", url)


SPEC = OutputSpec("srt", "H.264 over SRT, for OBS, VLC and TouchDesigner", SrtSettings, SrtSink, check=check)
