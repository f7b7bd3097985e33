"""A crowd of phones through two gateways and Redis to a show, while the broker and the consumer are killed.

python -m tests.bench.crowd [--words 10000] [--phones 200] [--kills 4]

Three parts. *Cost*: what a word costs the gateways and Redis, calm and without a show. *Late*: a show at its own pace,
while all phones send as fast as they can into a full queue: once into its own broker, and once into another one, so
that only the words differ and not the load of the machine. *Chaos*: every word is to be shown; a tenth of the words is
sent twice, an operator skips through the queue, and Redis, the control worker (the consumer) and the whole show are
killed with SIGKILL in turn. The journals say what was shown. Everything runs on this machine; what would run elsewhere
has low priority.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
import psutil
import typer
from rich.console import Console
from rich.table import Table

from tests.control.broker.redis_server import RunningRedis, running_redis
from tests.control.web.gateways import Gateway
from tests.running import ROOT, RunningShow, running, until

RULES = "[audience]\nhold = false\npause_seconds = 0.0\nper_minute = 600.0\n"
REPEATS = 0.1  # of the words are sent a second time
WAITING = 1000  # words that may wait in the broker
PATIENCE_SECONDS = 1.0  # of a phone before it tries again, at most; the answer 503 may ask for more
SKIPS_PER_SECOND = 150
LOW_PRIORITY = 15
LIMIT_SECONDS = 400.0  # of the chaos
ROUNDS = 2  # of the late frames with and without words, in turn


@dataclass
class Crowd:
    """What the phones sent, and what they were told."""

    ports: list[int]  # of the gateways
    taken: set[str] = field(default_factory=set)  # ids with the answer 202
    statuses: Counter[int] = field(default_factory=Counter)
    answered: list[float] = field(default_factory=list)  # seconds of each answer 202
    over: bool = False

    async def phone(self, number: int, words: int, dice: random.Random) -> None:
        """One phone: its own address, its own words, each until it is taken; some a second time."""
        phone = Connection(self.ports[number % len(self.ports)], f"127.1.{number // 200}.{number % 200 + 1}")
        await phone.open_page(self)
        for each in range(words):
            name = f"word-{number:03}-{each:05}"
            await self._send(phone, name, dice)
            if dice.random() < REPEATS:
                await self._send(phone, name, dice)
            if self.over:
                break
        phone.close()

    async def _send(self, phone: Connection, name: str, dice: random.Random) -> None:
        body = urlencode({"id": name, "text": f"a red fox in the snow, {name}"})
        while not self.over:
            began = time.monotonic()
            status, wait = await phone.request("POST /audience/words", body)
            self.statuses[status] += 1
            if status == 202:
                self.taken.add(name)
                self.answered.append(time.monotonic() - began)
                return
            await asyncio.sleep(min(max(wait, 0.1), PATIENCE_SECONDS) * dice.uniform(0.5, 1.0))


class Connection:
    """A kept connection to a gateway, from an address of its own; status 0: it broke."""

    def __init__(self, port: int, address: str) -> None:
        self._port, self._address, self._cookie = port, address, ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open_page(self, crowd: Crowd) -> None:
        """Get the cookie."""
        while not self._cookie and not crowd.over:
            await self.request("GET /audience", "")

    async def request(self, what: str, body: str) -> tuple[int, float]:
        """The status, and the seconds of Retry-After."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._address, 0))
            return await asyncio.wait_for(self._ask(*self._streams, what, body), 20.0)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return 0, PATIENCE_SECONDS

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, what: str, body: str
    ) -> tuple[int, float]:
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        head = f"{what} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{cookie}Content-Length: {len(body)}\r\n\r\n"
        writer.write((head + body).encode())
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        await reader.readexactly(int(headers.get("content-length", 0)))
        if "set-cookie" in headers:
            self._cookie = headers["set-cookie"].partition(";")[0]
        return int(lines[0].split()[1]), float(headers.get("retry-after", 0.0))

    def close(self) -> None:
        """Close it."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


@contextmanager
def running_gateways(show: Path, redis: RunningRedis, limit: int) -> Iterator[list[Gateway]]:
    """Two gateways of low priority."""
    made = [Gateway(show, redis.url, "--limit", str(limit)) for _ in range(2)]
    for gateway in made:
        psutil.Process(gateway.process.pid).nice(LOW_PRIORITY)
    try:
        yield made
    finally:
        for gateway in made:
            gateway.end()


def ports_of(gateways: list[Gateway]) -> list[int]:
    """Where phones reach them."""
    return [gateway.port for gateway in gateways]


class Accounts:
    """The journals of all runs of the show: which words were shown, and how often."""

    def __init__(self) -> None:
        self._prompts: set[tuple[int, int, str]] = set()  # run, id, origin

    def add(self, run: int, journal: Path) -> None:
        """Read the journal of one run; the last line may be incomplete."""
        for line in journal.read_text(encoding="utf-8").split("\n")[:-1]:
            if '"is":"Direction"' in line:
                record: dict[str, Any] = json.loads(line)
                for prompt in record.get("prompts", ()):
                    self._prompts.add((run, prompt["id"], str(prompt["origin"])))

    @property
    def shown(self) -> Counter[str]:
        """How often each word was shown, by its id."""
        names = (origin.rpartition("-word-") for _, _, origin in self._prompts if "-word-" in origin)
        return Counter(f"word-{name}" for _, _, name in names)


class Killer:
    """Kills the broker, the consumer and the show in turn, and starts them again."""

    def __init__(self, redis: RunningRedis, show: Path, folder: Path) -> None:
        self._redis, self._show, self._folder = redis, show, folder
        self.struck: Counter[str] = Counter()
        self.runs: list[RunningShow] = []
        self._stack: list[Any] = []
        self.begin()

    @property
    def show(self) -> RunningShow:
        """The show that runs now."""
        return self.runs[-1]

    def begin(self) -> None:
        """Start the show."""
        context = running(str(self._show), self._folder / f"run {len(self.runs)}", ["--set", "queue/seconds=0"])
        self.runs.append(context.__enter__())
        self._stack.append(context)

    def broker(self) -> None:
        """Kill Redis; it is away for a second."""
        self.struck["broker"] += 1
        self._redis.kill()
        time.sleep(1.0)
        self._redis.start()

    def consumer(self) -> None:
        """Kill the control worker; the show replaces it."""
        worker = until(lambda: self.show.workers().get("control"), 60.0, "a control worker")
        self.struck["consumer"] += 1
        worker.kill()

    def whole_show(self) -> None:
        """Kill all processes of the show, and start it again."""
        self.struck["show"] += 1
        self.end()
        self.begin()

    def end(self) -> None:
        """Kill the show that runs."""
        self._stack.pop().__exit__(None, None, None)

    async def strike(self, seconds: float, kills: int) -> None:
        """Kill each in turn, so many times in all, spread over so many seconds."""
        victims = (self.broker, self.consumer, self.broker, self.whole_show)
        for number in range(kills):
            await asyncio.sleep(seconds / (kills + 1))
            await asyncio.to_thread(victims[number % len(victims)])


async def skip(killer: Killer, crowd: Crowd) -> None:
    """The operator, who presses and releases a button very often."""
    while not crowd.over:
        with suppress(OSError):  # a show that is being replaced has no socket
            for _ in range(SKIPS_PER_SECOND // 30):
                for value in (1, 0):
                    killer.show.osc.send_message("/laterna/queue/skip", value)
        await asyncio.sleep(1.0 / 30.0)


async def send_all(crowd: Crowd, phones: int, words: int, seed: int) -> None:
    """All phones at once."""
    each = words // phones
    await asyncio.gather(*(crowd.phone(number, each, random.Random(seed + number)) for number in range(phones)))


@dataclass(frozen=True)
class Played:
    """What a show did during a flood."""

    presented: int
    missed: int
    stage: float  # CPU seconds of its processes in a second
    control: float


def play(show: Path, folder: Path, seconds: float, ports: list[int], phones: int) -> Played:
    """Play a show while a crowd, in a process of low priority, sends without end."""
    queued = [part for number in range(20) for part in ("--say", f"a white ship, number {number}")]
    with running(str(show), folder, queued) as performance:  # it dreams, whoever else sends words
        until(performance.drawn, 60.0, "the first frame")
        until(lambda: "control" in performance.workers(), 60.0, "a control worker")
        workers = performance.workers()
        before = {name: _cpu(workers[name]) for name in ("stage", "control")}
        flood = get_context("spawn").Process(target=run_flood, args=(ports, phones, seconds))
        flood.start()
        flood.join()
        spent = {name: (_cpu(workers[name]) - then) / seconds for name, then in before.items()}
        report = performance.end(90.0)
    return Played(report["presented_frames"], report["missed_frames"], **spent)


def run_flood(ports: list[int], phones: int, seconds: float) -> None:
    """Send without end for so long; the process has nothing else to do."""
    psutil.Process().nice(LOW_PRIORITY)
    asyncio.run(_flood(Crowd(ports), phones, seconds))


async def _flood(crowd: Crowd, phones: int, seconds: float) -> None:
    sending = asyncio.ensure_future(send_all(crowd, phones, 10**9, 7))
    await asyncio.sleep(seconds)
    crowd.over = True
    await sending


async def _chaos(crowd: Crowd, killer: Killer, redis: RunningRedis, phones: int, words: int, kills: int) -> float:
    began = time.monotonic()
    sending = asyncio.ensure_future(send_all(crowd, phones, words, 1))
    operator = asyncio.ensure_future(skip(killer, crowd))
    striking = asyncio.ensure_future(killer.strike(0.7 * words / SKIPS_PER_SECOND, kills))
    await asyncio.wait_for(asyncio.gather(sending, striking), LIMIT_SECONDS)
    while _left(redis) and time.monotonic() < began + LIMIT_SECONDS:
        await asyncio.sleep(0.5)
    crowd.over = True
    await operator
    return time.monotonic() - began


def _left(redis: RunningRedis) -> int:
    with redis.client() as client:
        return int(client.xlen("laterna:words"))


def main(
    words: Annotated[int, typer.Option(min=100)] = 10_000,
    phones: Annotated[int, typer.Option(min=1, max=400)] = 200,
    kills: Annotated[int, typer.Option(min=0)] = 8,
    seconds: Annotated[float, typer.Option(help="Of each round of the late frames.", min=5.0)] = 20.0,
    part: Annotated[str, typer.Option(help="cost, late, chaos or all.")] = "all",
) -> None:
    """Play, send, kill, count, and print."""
    folder = Path(mkdtemp(prefix="laterna-bench-"))
    table = Table("figure", "value")
    if part in ("cost", "all"):
        _measure_cost(folder, min(words, 4000), phones, table)
    if part in ("chaos", "all"):
        _measure_chaos(folder, words, phones, kills, table)
    if part in ("late", "all"):
        _measure_late(folder, seconds, phones, table)
    Console().print(table)


def _show_file(folder: Path, redis: RunningRedis) -> Path:
    show = folder / "crowd.toml"
    rehearsal = (ROOT / "shows" / "rehearsal.toml").read_text(encoding="utf-8")
    surface = f"[[surface]]\nkind = 'broker'\nurl = '{redis.url}'\nahead = 100\n"
    show.write_text(f"{rehearsal}\n{RULES}\n{surface}")
    return show


def _measure_cost(folder: Path, words: int, phones: int, table: Table) -> None:
    """CPU, memory and disk of each word, of answers that no kill delays."""
    place = folder / "cost"
    place.mkdir()
    with running_redis(place) as redis:
        show = _show_file(place, redis)
        with running_gateways(show, redis, words) as gateways:
            servers = [psutil.Process(redis.pid), *(psutil.Process(each.process.pid) for each in gateways)]
            before, memory = [_cpu(each) for each in servers], _used(redis)
            crowd = Crowd(ports_of(gateways))
            began = time.monotonic()
            asyncio.run(send_all(crowd, phones, words, 1))
            took = time.monotonic() - began
            broker, *gates = (1e6 * (_cpu(each) - then) for each, then in zip(servers, before, strict=True))
            memory = _used(redis) - memory
    taken, answers = len(crowd.taken), crowd.statuses[202]
    disk = sum(file.stat().st_size for file in place.rglob("*.aof"))
    table.add_row("answers a second, both gateways", f"{answers / took:.0f}")
    p50, p99 = np.percentile(crowd.answered, (50, 99)) * 1000.0
    table.add_row("acknowledged after, p50 / p99, calm", f"{p50:.0f} / {p99:.0f} ms")
    table.add_row("CPU of an answer: gateway / Redis", f"{sum(gates) / answers:.0f} / {broker / answers:.0f} us")
    table.add_row("Redis for a word: memory / disk", f"{memory / taken:.0f} / {disk / taken:.0f} bytes")


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _used(redis: RunningRedis) -> int:
    with redis.client() as client:
        return int(client.info("memory")["used_memory"])


def _measure_late(folder: Path, seconds: float, phones: int, table: Table) -> None:
    """Compare a show with the words of a crowd and one without, in turn, under the same load."""
    played: dict[str, list[Played]] = {"its own words": [], "another show's": []}
    for number, name in enumerate(list(played) * ROUNDS):
        place, other = folder / f"late {number}", folder / f"other {number}"
        place.mkdir()
        other.mkdir()
        with running_redis(place) as redis, running_redis(other) as elsewhere:
            show = _show_file(place, redis)
            flooded = redis if name == "its own words" else elsewhere
            with running_gateways(show, flooded, WAITING) as gateways:
                played[name].append(play(show, place / "show", seconds, ports_of(gateways), phones))
    for name, each in played.items():
        missed, presented = (sum(getattr(one, what) for one in each) for what in ("missed", "presented"))
        table.add_row(f"late frames, flooded with {name}", f"{100.0 * missed / (missed + presented):.2f} %")
        stage, control = (sum(getattr(one, what) for one in each) / len(each) for what in ("stage", "control"))
        table.add_row(f"CPU of stage / control, flooded with {name}", f"{stage:.3f} / {control:.3f} of a core")


@dataclass
class Outcome:
    """What became of the words of a crowd."""

    crowd: Crowd
    shown: Counter[str]
    left: int  # in the broker
    killed: Counter[str]
    seconds: float
    gateway_megabytes: float

    @property
    def lost(self) -> list[str]:
        """Words that were acknowledged and never shown."""
        return sorted(name for name in self.crowd.taken if not self.shown[name])

    @property
    def twice(self) -> list[str]:
        """Words that were shown more than once."""
        return sorted(name for name, times in self.shown.items() if times > 1)


def kill_and_count(place: Path, words: int, phones: int, kills: int) -> Outcome:
    """Send words, kill on the way, wait until the broker is empty, and count what was shown."""
    place.mkdir()
    with running_redis(place) as redis:
        show = _show_file(place, redis)
        killer = Killer(redis, show, place)
        try:
            until(killer.show.drawn, 60.0, "the first frame")
            with running_gateways(show, redis, WAITING) as gateways:
                crowd = Crowd(ports_of(gateways))
                took = asyncio.run(_chaos(crowd, killer, redis, phones, words, kills))
                memory = max(psutil.Process(each.process.pid).memory_info().rss / 1e6 for each in gateways)
            left = _left(redis)
            killer.show.end(90.0)
        finally:
            killer.end()
    accounts = Accounts()
    for number, run in enumerate(killer.runs):
        accounts.add(number, run.journal_path)
    return Outcome(crowd, accounts.shown, left, killer.struck, took, memory)


def _measure_chaos(folder: Path, words: int, phones: int, kills: int, table: Table) -> None:
    found = kill_and_count(folder / "chaos", words, phones, kills)
    crowd = found.crowd
    table.add_row("words acknowledged / left in the broker", f"{len(crowd.taken)} / {found.left}")
    table.add_row("of them never shown", str(len(found.lost)))
    table.add_row("shown twice", str(len(found.twice)))
    table.add_row("shown without being acknowledged", str(len(found.shown.keys() - crowd.taken)))
    table.add_row("killed", str(dict(found.killed)))
    table.add_row("answers by status", str(dict(sorted(crowd.statuses.items()))))
    p50, p99 = np.percentile(crowd.answered, (50, 99)) * 1000.0
    table.add_row("acknowledged after, p50 / p99", f"{p50:.0f} / {p99:.0f} ms")
    table.add_row("seconds", f"{found.seconds:.0f}")
    table.add_row("memory of the gateways", f"{found.gateway_megabytes:.0f} MB")


if __name__ == "__main__":
    typer.run(main)
