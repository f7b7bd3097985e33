"""The report, from events written by hand."""

from __future__ import annotations

from installation.core.messages import FrameReady, Origin, Prompt
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.core.worker_status import SpeechFigures
from installation.runtime.report import ProcessFigures, ReportBuilder, summary


def drawn(prompt_id: int, score: float, steps: int = 2) -> FrameReady:
    return FrameReady(0, 1, 1, prompt_id, 0.0, score, steps, 1, 0.0, 0)


def test_the_report_says_when_a_prompt_arrived_and_when_it_became_visible() -> None:
    report = ReportBuilder(began=100.0, opening_picture=100.4)
    report.show_prompts([Prompt(1, "a fox", origin=Origin("osc"), at=103.0)], 103.5)
    report.show_prompts([Prompt(1, "a fox", origin=Origin("osc"), at=103.0)], 104.0)  # the same Direction again
    for now, change in ((103.6, 0.0), (103.7, 3.9), (103.8, 4.0), (103.9, 9.0)):
        report.count_presented(now, 1, change)
    for score in (0.4, 0.7, 0.6):
        report.count_generated(drawn(1, score), 103.7)
    figures = report.report(missed=1, shown_size=(1280, 720), now=104.6)
    assert figures["prompts"] == [
        {
            "text": "a fox",
            "source": "osc",
            "queued_ms": 500.0,
            "first_change_ms": 300.0,
            "score_start": 0.4,
            "score_best": 0.7,
        }
    ]
    assert (figures["opening_picture_seconds"], figures["first_generated_seconds"]) == (0.4, 3.7)
    assert (figures["presented_frames"], figures["missed_frames"], figures["presented_fps"]) == (4, 1, 4.0)
    assert figures["longest_gap_ms"] == 100.0
    assert (figures["generated_fps"], figures["steps_per_second"]) == (3.33, 6.67)


def test_a_show_without_events_has_a_report() -> None:
    report = ReportBuilder(began=0.0)
    report.processes["stage"] = ProcessFigures(1, 0, 50.0, 51.0)
    figures = report.report(0, (640, 360), 1.0)
    assert figures["first_generated_seconds"] is None
    assert figures["presented_fps"] == 0.0
    assert summary(figures).startswith("1 s: 0.0 frames/s presented")


def test_speech_is_counted_over_all_processes_of_the_speech_worker() -> None:
    report = ReportBuilder(began=0.0)
    assert report.report(0, (640, 360), 1.0)["speech"] == {"finals": 0, "rejected": 0, "overflowed": 0, "lost": 0}
    report.speech.take(SpeechFigures("live", lost=0), 0)
    for message in (
        Transcription(1, "a red", False),
        Transcription(1, "a red sun", True),
        SpeechRejected(2, "", "only 64 ms of voice"),
    ):
        report.speech.count(message)
    report.speech.take(SpeechFigures("live", lost=160), 0)
    report.speech.take(SpeechFigures("live"), 1)  # a new process counts from 0
    report.speech.count(Transcription(1, "the sea", True))
    report.speech.take(SpeechFigures("live", "pulse", "sphinx", overflowed=2, lost=1), 1)
    assert report.report(0, (640, 360), 1.0)["speech"] == {
        "finals": 2,
        "rejected": 1,
        "overflowed": 2,
        "lost": 161,
        "recognizer": "sphinx",
        "device": "pulse",
        "health": "live",
    }


def test_only_the_latest_prompts_are_kept() -> None:
    report = ReportBuilder(began=0.0)
    for i in range(ReportBuilder.MOST_PROMPTS + 5):
        report.show_prompts([Prompt(i, "x")], 0.0)
    assert len(report.prompts) == ReportBuilder.MOST_PROMPTS
    figures = report.report(0, (320, 180), 2.0)
    assert figures["prompts_shown"] == ReportBuilder.MOST_PROMPTS + 5
    assert f"{ReportBuilder.MOST_PROMPTS + 5} prompts" in summary(figures)


def test_frames_that_are_late_while_workers_load_are_counted_apart() -> None:
    report = ReportBuilder(began=100.0)
    for now, missed in ((101.0, 7), (104.9, 9), (105.9, 10)):
        report.note_missed(missed, now)
    figures = report.report(missed=12, shown_size=(640, 360), now=130.0)
    assert (figures["missed_frames"], figures["missed_after_start"]) == (12, 3)
