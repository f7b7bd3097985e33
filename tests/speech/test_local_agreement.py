"""The stable prefix of partials."""

from __future__ import annotations

from installation.speech.local_agreement import LocalAgreement, Partial


def test_words_that_two_consecutive_hypotheses_share_are_stable() -> None:
    agreement = LocalAgreement()
    assert [agreement.update(text) for text in ("a red", "a red son", "a red sun over", "a red sun over the sea")] == [
        Partial("a red", 0),
        Partial("a red son", 5),
        Partial("a red sun over", 5),
        Partial("a red sun over the sea", 14),
    ]


def test_stable_words_never_change() -> None:
    agreement = LocalAgreement()
    shown = [
        agreement.update(text) for text in ("the sea is", "The sea, is", "he sees his boat", "", "he sees his boat")
    ]
    assert shown[1:] == [
        Partial("The sea, is", 11),
        Partial("The sea, is boat", 11),
        Partial("The sea, is", 11),
        Partial("The sea, is boat", 11),
    ]


def test_the_first_and_an_empty_hypothesis_have_no_stable_prefix() -> None:
    agreement = LocalAgreement()
    assert agreement.update("") == Partial("", 0)
    assert agreement.update("wait") == Partial("wait", 0)
