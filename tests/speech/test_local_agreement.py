"""The stable part of partials."""

from __future__ import annotations

from installation.speech.local_agreement import LocalAgreement, Partial


def test_what_two_hypotheses_agree_on_is_stable() -> None:
    agreement = LocalAgreement()
    assert [agreement.add(text) for text in ("a red", "a red son", "a red sun over", "a red sun over the sea")] == [
        Partial("a red", 0),
        Partial("a red son", 5),
        Partial("a red sun over", 5),
        Partial("a red sun over the sea", 14),
    ]


def test_stable_words_never_change_again() -> None:
    agreement = LocalAgreement()
    shown = [agreement.add(text) for text in ("the sea is", "The sea, is", "he sees his boat", "", "he sees his boat")]
    assert shown[1:] == [
        Partial("The sea, is", 11),
        Partial("The sea, is boat", 11),
        Partial("The sea, is", 11),
        Partial("The sea, is boat", 11),
    ]


def test_a_first_hypothesis_and_an_empty_one_have_nothing_stable() -> None:
    agreement = LocalAgreement()
    assert agreement.add("") == Partial("", 0)
    assert agreement.add("wait") == Partial("wait", 0)
