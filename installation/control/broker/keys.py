"""What is in the broker: the names of its keys, and the scripts that change several at once.

`NAME:words` is the stream of the words that the show has not finished with. `NAME:word:VISITOR:ID` says what became of
one, for its visitor's page, and marks its id as known. `NAME:visitor:VISITOR` lists a visitor's latest ones.
`NAME:rate:…` are the token buckets. Everything but the stream expires.
"""

from __future__ import annotations

from dataclasses import dataclass

from installation.control.submissions import MAX_LISTED

# The generic cell rate algorithm keeps a token bucket as one number: the time at which it is full again.
SUBMIT = f"""
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local stream, word, mine = KEYS[1], KEYS[2], KEYS[3]
local limit, keep = tonumber(ARGV[5]), tonumber(ARGV[6])
if redis.call('EXISTS', word) == 1 then return {{'taken', '0'}} end
local full_at, waits = {{}}, 0
for i = 4, #KEYS do
  local interval, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local at = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now)
  full_at[i] = at + interval
  waits = math.max(waits, at - interval * (burst - 1) - now)
end
if waits > 0 then return {{'slow', string.format('%.3f', waits)}} end
if redis.call('XLEN', stream) >= limit then return {{'full', '0'}} end
for i = 4, #KEYS do
  if full_at[i] > now then
    redis.call('SET', KEYS[i], string.format('%.6f', full_at[i]), 'PX', math.ceil((full_at[i] - now) * 1000) + 1)
  end
end
redis.call('XADD', stream, '*', 'word', word, 'visitor', ARGV[1], 'id', ARGV[2], 'address', ARGV[3], 'text', ARGV[4])
redis.call('HSET', word, 'text', ARGV[4], 'state', 'sent', 'position', '0', 'reason', '')
redis.call('EXPIRE', word, keep)
redis.call('LPUSH', mine, word)
redis.call('LTRIM', mine, 0, {MAX_LISTED - 1})
redis.call('EXPIRE', mine, keep)
return {{'taken', '0'}}
"""

TELL = """
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'text', ARGV[1], 'state', ARGV[2], 'position', ARGV[3], 'reason', ARGV[4])
end
"""

# One show takes the words; another one with the same name stands by, and takes over when the lease runs out.
LEASE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"
GROUP = CONSUMER = "show"


@dataclass(frozen=True)
class Keys:
    """The keys of one audience; several shows can share a broker under different names."""

    name: str

    @property
    def stream(self) -> str:
        """The words that the show has not finished with."""
        return f"{self.name}:words"

    @property
    def secret(self) -> str:
        """What signs the cookies of visitors, for all gateways."""
        return f"{self.name}:secret"

    @property
    def lease(self) -> str:
        """Which show takes the words."""
        return f"{self.name}:lease"

    def word(self, visitor: str, number: str) -> str:
        """What became of a visitor's words."""
        return f"{self.name}:word:{visitor}:{number}"

    def visitor(self, visitor: str) -> str:
        """A visitor's latest words."""
        return f"{self.name}:visitor:{visitor}"

    def rate(self, who: str) -> str:
        """The bucket of a visitor or an address."""
        return f"{self.name}:rate:{who}"
