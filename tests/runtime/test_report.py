"""The report's figures, from a course of events written by hand."""

from __future__ import annotations

from installation.core.messages import FrameReady, Prompt, SpeechRejected, Transcription
from installation.runtime.report import ProcessFigures, ReportBuilder, summary


def drawn(prompt_id: int, score: float, steps: int = 2) -> FrameReady:
    return FrameReady(0, 1, 1, prompt_id, 0.0, score, steps, 1, 0.0, 0)


def test_the_report_tells_when_words_came_and_when_they_were_seen() -> None:
    ledger = ReportBuilder(began=100.0, opening_picture=100.4)
    ledger.takes_stage([Prompt(1, "a fox", source="osc", at=103.0)], 103.5)
    ledger.takes_stage([Prompt(1, "a fox", source="osc", at=103.0)], 104.0)  # the same Direction again
    for now, change in ((103.6, 0.0), (103.7, 3.9), (103.8, 4.0), (103.9, 9.0)):
        ledger.presents(now, 1, change)
    for score in (0.4, 0.7, 0.6):
        ledger.drawn(drawn(1, score), 103.7)
    report = ledger.report(missed=1, shown_size=(1280, 720), now=104.6)
    assert report["prompts"] == [
        {
            "text": "a fox",
            "source": "osc",
            "queued_ms": 500.0,
            "first_change_ms": 300.0,
            "score_start": 0.4,
            "score_best": 0.7,
        }
    ]
    assert (report["opening_picture_seconds"], report["first_generated_seconds"]) == (0.4, 3.7)
    assert (report["presented_frames"], report["missed_frames"], report["presented_fps"]) == (4, 1, 4.0)
    assert report["longest_gap_ms"] == 100.0
    assert (report["generated_fps"], report["steps_per_second"]) == (3.33, 6.67)


def test_a_show_in_which_nothing_happened_has_a_report_too() -> None:
    ledger = ReportBuilder(began=0.0)
    ledger.processes["stage"] = ProcessFigures(1, 0, 50.0, 51.0)
    report = ledger.report(0, (640, 360), 1.0)
    assert report["first_generated_seconds"] is None
    assert report["presented_fps"] == 0.0
    assert summary(report).startswith("1 s: 0.0 frames/s presented")


def test_sentences_and_lost_sound_are_counted_over_the_lives_of_the_listener() -> None:
    ledger = ReportBuilder(began=0.0)
    assert ledger.report(0, (640, 360), 1.0)["hearing"] == {"finals": 0, "refused": 0, "overflowed": 0, "lost": 0}
    ledger.ears.take({"recognizer": "sphinx", "device": "pulse", "lost": 0}, 0)
    for heard in (
        Transcription(1, "a red", False),
        Transcription(1, "a red sun", True),
        SpeechRejected(2, "", "only 64 ms of voice"),
    ):
        ledger.ears.hear(heard)
    ledger.ears.take({"lost": 160}, 0)
    ledger.ears.take({}, 1)  # it begins anew
    ledger.ears.hear(Transcription(1, "the sea", True))
    assert ledger.report(0, (640, 360), 1.0)["hearing"] == {"finals": 2, "refused": 1, "overflowed": 0, "lost": 160}
    ledger.ears.take({"recognizer": "sphinx", "device": "pulse", "health": "live", "overflowed": 2, "lost": 1}, 1)
    assert ledger.report(0, (640, 360), 1.0)["hearing"] == {
        "finals": 2,
        "refused": 1,
        "overflowed": 2,
        "lost": 161,
        "recognizer": "sphinx",
        "device": "pulse",
        "health": "live",
    }


def test_a_show_of_months_keeps_only_the_latest_prompts() -> None:
    ledger = ReportBuilder(began=0.0)
    for i in range(ReportBuilder.MOST_PROMPTS + 5):
        ledger.takes_stage([Prompt(i, "x")], 0.0)
    assert len(ledger.prompts) == ReportBuilder.MOST_PROMPTS
    report = ledger.report(0, (320, 180), 2.0)
    assert report["words_taken"] == ReportBuilder.MOST_PROMPTS + 5
    assert f"{ReportBuilder.MOST_PROMPTS + 5} prompts" in summary(report)
