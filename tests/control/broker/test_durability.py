"""Which brokers may be used."""

from __future__ import annotations

import pytest

from installation.control.broker.durability import check_durability, check_url, flatten
from installation.core.errors import ShowError

GOOD = {
    "appendonly": "yes",
    "appendfsync": "always",
    "no-appendfsync-on-rewrite": "no",
    "maxmemory": "0",
    "maxmemory-policy": "noeviction",
    "redis_version": "7.0.15",
    "role": "master",
}


def test_a_broker_that_writes_before_it_answers_is_accepted() -> None:
    check_durability("10.0.0.9:6379", GOOD)
    check_durability("10.0.0.9:6379", GOOD | {"maxmemory-policy": "allkeys-lru"})  # without a limit nothing is evicted


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"appendonly": "no"}, "may lose words that it has acknowledged: appendonly is no; start it with --appendonly"),
        ({"appendfsync": "everysec"}, "appendfsync is everysec"),
        ({"no-appendfsync-on-rewrite": "yes"}, "no-appendfsync-on-rewrite is yes"),
        ({"maxmemory": "100", "maxmemory-policy": "allkeys-lru"}, "maxmemory-policy is allkeys-lru"),
        ({"redis_version": "5.0.14"}, "too old"),
        ({"role": "slave"}, "is a replica"),
    ],
)
def test_a_broker_that_may_lose_words_is_refused_in_one_sentence(wrong: dict[str, str], reason: str) -> None:
    with pytest.raises(ShowError) as refusal:
        check_durability("10.0.0.9:6379", GOOD | wrong)
    assert reason in str(refusal.value)
    assert "10.0.0.9:6379" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_setting_that_the_broker_does_not_tell_counts_as_wrong() -> None:
    with pytest.raises(ShowError, match="appendfsync is not known"):
        check_durability("here", {name: value for name, value in GOOD.items() if name != "appendfsync"})


def test_answers_of_every_shape_are_one_mapping() -> None:
    answers: list[object] = [["appendonly", "yes"], {"maxmemory": "0"}, "# Server\r\nredis_version:7.0.15\r\n"]
    found = flatten(answers)
    assert (found["appendonly"], found["maxmemory"], found["redis_version"]) == ("yes", "0", "7.0.15")


@pytest.mark.parametrize("url", ["http://here", "redis://", "here:6379", "redis://here:port"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ShowError, match=r"redis://127\.0\.0\.1:6379"):
        check_url(url)


def test_the_place_of_a_broker_has_no_password() -> None:
    assert check_url("rediss://:secret@broker.example:6380/0") == "broker.example:6380"


def test_no_password_is_in_any_sentence() -> None:
    with pytest.raises(ShowError) as refusal:
        check_url("http://:secret@here")
    assert "secret" not in str(refusal.value)
