"""Passcodes, signatures, hosts and origins."""

from __future__ import annotations

import pytest

from installation.control.web.access import LONGEST_WAIT_SECONDS, Hosts, Passcode, Signer, new_secret, same_origin


def test_a_signed_text_is_read_back_and_a_changed_one_is_not() -> None:
    signer = Signer(new_secret())
    signed = signer.sign("operator")
    assert signer.verify(signed) == "operator"
    wrong = (signed[:-1] + "x", "operator", "", ".", "visitor." + signed.partition(".")[2], signed + "é")
    assert [signer.verify(each) for each in wrong] == [None] * len(wrong)
    assert Signer(new_secret()).verify(signed) is None


def test_an_address_with_wrong_passcodes_waits_ever_longer_and_no_other_one_does() -> None:
    passcode, waits, now = Passcode("abend"), [], 0.0
    for _ in range(16):
        assert not passcode.check("morgen", "10.0.0.1", now)
        waits.append(passcode.wait("10.0.0.1", now))
        now += waits[-1]
    assert waits[:6] == [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]
    assert waits[-1] == LONGEST_WAIT_SECONDS
    assert passcode.wait("10.0.0.2", now) == 0.0
    assert passcode.check("abend", "10.0.0.2", now)


def test_the_right_passcode_ends_the_waiting() -> None:
    passcode = Passcode("abend")
    for _ in range(4):
        passcode.check("x", "10.0.0.1", 0.0)
    assert passcode.check("abend", "10.0.0.1", 0.0)
    assert not passcode.check("x", "10.0.0.1", 0.0)
    assert passcode.wait("10.0.0.1", 0.0) == 0.0


@pytest.mark.parametrize("host", ["localhost:9412", "127.0.0.1:9412", "[::1]:9412", "192.168.1.7", "wall.example:80"])
def test_this_machine_is_known_by_its_names_and_by_numbers(host: str) -> None:
    assert Hosts("wall.example").knows(host)


@pytest.mark.parametrize("host", ["evil.example:9412", "", "127.0.0.1.evil.example", "[::1", "localhost.evil:1"])
def test_a_foreign_name_is_refused(host: str) -> None:
    assert not Hosts().knows(host)


def test_only_pages_of_this_server_have_its_origin() -> None:
    host = "127.0.0.1:9412"
    assert same_origin(None, host)
    assert same_origin("http://127.0.0.1:9412", host)
    foreign = ("http://evil.example", "http://127.0.0.1:8000", "null", "", "https://127.0.0.1.evil.example:9412")
    assert not any(same_origin(each, host) for each in foreign)
