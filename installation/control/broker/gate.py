"""A gateway's end of the broker: takes words into the stream within limits, and says what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, urlsplit

from installation.control.broker.durability import MISSING, QUESTIONS, check_durability, check_url, flatten
from installation.control.broker.keys import SUBMIT, Keys
from installation.core.errors import LaternaError, ShowError
from installation.show.settings import AudienceSettings

CONNECTIONS = 64  # to the broker; further requests wait for one of them
ANSWER_SECONDS = 2.0  # that the broker, or a free connection, may take
MINUTE = 60.0  # seconds
KNOWN_SECONDS = 3600.0  # that the id of words is recognised at least

Outcome = Literal["taken", "slow", "full"]


class Unavailable(LaternaError):
    """The broker cannot be reached, or may not be used any more. Whether words have arrived is not known."""


@dataclass(frozen=True)
class Submitted:
    """What became of a submission: taken (also if it was before), too fast, or the queue is full."""

    outcome: Outcome
    wait_seconds: float = 0.0  # until the sender may send again


class Gate:
    """One gateway's connections to the broker."""

    def __init__(self, url: str, name: str, audience: AudienceSettings, limit: int) -> None:
        """`limit`: words that may wait in the broker. Raises ShowError if the package is missing or the URL wrong."""
        self._place, self._keys = check_url(url), Keys(name)
        self._audience, self._limit = audience, limit
        try:
            from redis import RedisError
            from redis import asyncio as redis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
        except ImportError:
            raise ShowError(MISSING) from None
        try:
            self._pool = redis.BlockingConnectionPool.from_url(
                url,
                max_connections=CONNECTIONS,
                timeout=ANSWER_SECONDS,
                socket_timeout=ANSWER_SECONDS,
                socket_connect_timeout=ANSWER_SECONDS,
                decode_responses=True,
                protocol=2,
                retry=Retry(NoBackoff(), 0),
                redis_connect_func=self._check,
            )
            self._pool.connection_class(**self._pool.connection_kwargs)  # checks the options; it connects later
        except (ValueError, TypeError, AttributeError, RedisError) as error:
            raise ShowError(_wrong_option(url, self._place, str(error))) from None
        self._broker: Any = redis.Redis(connection_pool=self._pool)
        self._submit: Any = self._broker.register_script(SUBMIT)

    async def _check(self, connection: Any) -> None:
        """Refuse a broker that may lose words, on each new connection: it may have been started again otherwise."""
        await connection.on_connect()
        answers: list[object] = []
        for question in QUESTIONS:
            await connection.send_command(*question)
            answers.append(await connection.read_response())
        try:
            check_durability(self._place, flatten(answers))
        except ShowError:
            await connection.disconnect()  # the pool would use it again
            raise

    async def secret(self, proposed: str) -> str:
        """What signs the cookies of visitors: the first proposal that any gateway has made. Raises Unavailable."""
        await self._ask(self._broker.set(self._keys.secret, proposed, nx=True))
        return cast("str", await self._ask(self._broker.get(self._keys.secret)))

    async def submit(self, visitor: str, number: str, address: str, text: str) -> Submitted:
        """Put words into the stream, once for each number of a visitor.

        When this returns "taken", the words are on the disk of the broker. Raises Unavailable.
        """
        rules, keys = self._audience, self._keys
        limits = [(keys.rate(address), MINUTE / rules.per_minute, max(1.0, rules.per_minute))]
        if rules.pause_seconds:
            limits.append((keys.rate(visitor), rules.pause_seconds, 1.0))
        names = [keys.stream, keys.word(visitor, number), keys.visitor(visitor), *(name for name, _, _ in limits)]
        keep = max(KNOWN_SECONDS, rules.keep_minutes * MINUTE)
        numbers = [str(each) for _, interval, burst in limits for each in (interval, burst)]
        arguments = [visitor, number, address, text, str(self._limit), str(int(keep)), *numbers]
        outcome, wait = await self._ask(self._submit(keys=names, args=arguments))
        return Submitted(outcome, float(wait))

    async def mine(self, visitor: str) -> list[dict[str, Any]]:
        """What became of a visitor's latest words, the latest first. Raises Unavailable."""
        words = await self._ask(self._broker.lrange(self._keys.visitor(visitor), 0, -1))
        pipeline = self._broker.pipeline(transaction=False)
        for word in words:
            pipeline.hgetall(word)
        rows = await self._ask(pipeline.execute()) if words else []
        return [{**row, "position": int(row["position"])} for row in rows if row]

    async def ready(self) -> None:
        """Raise Unavailable if the broker cannot take words now."""
        await self._ask(self._broker.ping())

    async def close(self) -> None:
        """Close the connections."""
        await self._broker.aclose()
        await self._pool.disconnect()

    async def _ask(self, question: Any) -> Any:
        from redis import RedisError

        try:
            return await question
        except ShowError as error:
            raise Unavailable(str(error)) from None
        except (RedisError, OSError) as error:
            reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
            raise Unavailable(f"The broker at {self._place} is not there ({reason}).") from None


def _wrong_option(url: str, place: str, reason: str) -> str:
    """A sentence that names the options of a broker's URL that are wrong, and not its password."""
    options = [name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    wrong = [name for name in options if name in reason] or options
    return f"The address of the broker at {place} has a wrong or unknown option: {', '.join(wrong) or reason}."
