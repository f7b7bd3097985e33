"""The recorder: time comes in, frames from a real ring, files on a real disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.core.frame_ring import FrameRing
from installation.core.messages import FramePresented
from installation.core.worker_status import OutputFigures
from installation.outputs.interface import FrameFormat
from installation.outputs.recorder import FilmCodec, Recorder, RecorderSettings, check, claim
from installation.outputs.subtitles import timestamp
from installation.outputs.worker import deliver
from tests.outputs.pictures import SIZE, grey, numbers_of, pictures_of, times_of

RATE = 10


class Stage:
    """Presents frames through a ring, as the stage does."""

    def __init__(self, folder: Path, slots: int = 4) -> None:
        self.ring = FrameRing(folder / "stage.ring", slots, 400 * 400 * 3)

    def present(self, picture: NDArray[np.uint8], at: float) -> FramePresented:
        slot, info = self.ring.write(picture)
        return FramePresented(slot, info.sequence, at)


def opened(recorder: Recorder, size: tuple[int, int] = (0, 0)) -> Recorder:
    recorder.open(FrameFormat(*size, RATE))
    return recorder


def made(folder: Path, keep_seconds: float | None = None, size: tuple[int, int] = (0, 0)) -> Recorder:
    return opened(Recorder(RecorderSettings(folder / "out" / "show.mp4", keep_seconds, 0)), size)


def give(recorder: Recorder, stage: Stage, messages: Sequence[FramePresented]) -> None:
    deliver(messages, stage.ring, recorder)


def play(recorder: Recorder, stage: Stage, numbers: range, rate: float = RATE) -> list[str]:
    """Present grey pictures, number n at n / rate seconds; return the notices."""
    notices: list[str] = []
    for number in numbers:
        at = number / rate
        give(recorder, stage, [stage.present(grey(number), at)])
        recorder.tick(at)
        notices += recorder.notices()
    return notices


def close(recorder: Recorder, now: float) -> list[str]:
    recorder.close(now)
    return recorder.notices()


def test_presented_frames_are_recorded_and_the_folder_is_created(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path)
    assert play(recorder, stage, range(25)) == []
    assert close(recorder, 2.5) == []
    path = tmp_path / "out" / "show.mp4"
    assert numbers_of(path) == list(range(25))
    assert recorder.figures() == OutputFigures("recorder", str(path), 25, 2.5, 0, path.stat().st_size, (str(path),))


def test_the_encoder_is_loaded_before_the_first_frame() -> None:
    program = """
import sys
from pathlib import Path
from installation.outputs.interface import FrameFormat
from installation.outputs.recorder import Recorder, RecorderSettings
recorder = Recorder(RecorderSettings(Path("film.mp4")))
before = "av" in sys.modules
recorder.open(FrameFormat(64, 36, 30.0))
print(before, "av" in sys.modules)
"""
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert printed == "False True\n"


def test_while_the_stage_stalls_the_recording_repeats_the_picture(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path)
    give(recorder, stage, [stage.present(grey(1), 5.0)])
    for tenths in range(20):
        recorder.tick(5.0 + tenths / 10)
    give(recorder, stage, [stage.present(grey(50), 7.0)])
    close(recorder, 7.0)
    assert numbers_of(tmp_path / "out" / "show.mp4") == [1] * 20 + [50]


def test_frames_overwritten_before_they_are_read_are_counted_and_leave_no_gap(tmp_path: Path) -> None:
    stage = Stage(tmp_path, slots=4)
    recorder = made(tmp_path)
    give(recorder, stage, [stage.present(grey(0), 0.0)])
    backlog = [stage.present(grey(number), number / RATE) for number in range(1, 11)]
    give(recorder, stage, backlog)
    close(recorder, 1.0)
    assert recorder.figures().lost == 6
    assert [number for number in numbers_of(tmp_path / "out" / "show.mp4") if number] == [7, 8, 9, 10]
    assert times_of(tmp_path / "out" / "show.mp4")[-1] == pytest.approx(10 / RATE)


def test_a_recording_includes_the_time_in_which_the_recorder_was_starting(tmp_path: Path) -> None:
    stage = Stage(tmp_path, slots=4)
    recorder = made(tmp_path)
    give(recorder, stage, [stage.present(grey(number), number / RATE) for number in range(10)])
    close(recorder, 1.0)
    assert recorder.figures().lost == 0
    assert set(numbers_of(tmp_path / "out" / "show.mp4")) == {6, 7, 8, 9}
    assert times_of(tmp_path / "out" / "show.mp4")[-1] == pytest.approx(9 / RATE)


def test_a_recorder_that_fell_behind_skips_ahead_reports_it_and_keeps_the_time(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path)
    play(recorder, stage, range(10))
    backlog = [stage.present(grey(number % 70), number / RATE) for number in range(10, 610)]
    give(recorder, stage, backlog)
    recorder.tick(61.0)
    notices = recorder.notices()
    close(recorder, 61.0)
    path = tmp_path / "out" / "show.mp4"
    assert len(notices) == 1
    assert "cannot keep up" in notices[0]
    assert times_of(path)[-1] == pytest.approx(60.9)
    assert numbers_of(path)[-4:] == [606 % 70, 607 % 70, 608 % 70, 609 % 70]
    assert len(numbers_of(path)) < 30


def test_a_second_recorder_writes_beside_the_first_file(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for first in (0, 20, 40):
        recorder = made(tmp_path)
        play(recorder, stage, range(first, first + 5))
        close(recorder, first / RATE + 0.5)
    names = ["show.mp4", "show-2.mp4", "show-3.mp4"]
    assert [numbers_of(tmp_path / "out" / name)[0] for name in names] == [0, 20, 40]


def test_frames_of_changing_size_stay_in_one_file_of_even_size(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path)
    sizes = [(101, 77), (200, 150), (64, 64)]
    for number, size in enumerate(sizes):
        give(recorder, stage, [stage.present(grey(number, size), number / RATE)])
    close(recorder, 0.3)
    assert [picture.shape for picture in pictures_of(tmp_path / "out" / "show.mp4")] == [(78, 102, 3)] * 3


def test_a_given_size_is_used_from_the_first_frame_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path, size=(320, 192))
    play(recorder, stage, range(3))
    close(recorder, 0.3)
    assert [picture.shape for picture in pictures_of(tmp_path / "out" / "show.mp4")] == [(192, 320, 3)] * 3
    assert numbers_of(tmp_path / "out" / "show.mp4") == [0, 1, 2]


def test_a_full_disk_is_reported_once_and_recording_resumes_when_there_is_room(tmp_path: Path) -> None:
    room = {"bytes": 1000}
    stage = Stage(tmp_path)
    settings = RecorderSettings(tmp_path / "show.mp4", reserve_bytes=500)
    recorder = opened(Recorder(settings, free=lambda _: room["bytes"]))
    assert play(recorder, stage, range(30)) == []
    room["bytes"] = 10
    notices = play(recorder, stage, range(30, 200))
    assert len(notices) == 1
    assert notices[0].startswith(f"Cannot record to {tmp_path}: less than")
    room["bytes"] = 1000
    notices = play(recorder, stage, range(200, 400))
    assert notices == [f"Recording again, to {tmp_path / 'show.mp4'}."]
    close(recorder, 40.0)
    assert len(numbers_of(tmp_path / "show.mp4")) in range(29, 41)
    again = 400 - len(numbers_of(tmp_path / "show-2.mp4"))
    assert 200 <= again <= 305  # it looks every ten seconds
    assert recorder.figures().lost == 400 - len(numbers_of(tmp_path / "show.mp4")) - (400 - again)


def test_an_unwritable_folder_is_one_notice_and_no_crash(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    (tmp_path / "out").write_text("a file where a folder should be")
    recorder = made(tmp_path)
    notices = play(recorder, stage, range(300))
    notices += close(recorder, 30.0)
    assert len(notices) == 1
    assert str(tmp_path / "out") in notices[0]
    assert recorder.figures().frames == 0


def test_a_removed_folder_is_created_again_and_recording_resumes(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path)
    play(recorder, stage, range(30))
    shutil.rmtree(tmp_path / "out")
    notices = play(recorder, stage, range(30, 250))
    close(recorder, 25.0)
    assert notices == [
        f"Cannot record to {tmp_path / 'out'}: no such file or directory. The show goes on; recording is retried.",
        f"Recording again, to {tmp_path / 'out' / 'show.mp4'}.",
    ]
    assert numbers_of(tmp_path / "out" / "show.mp4")[-1] == 249 % 78


def test_a_rolling_recording_keeps_the_last_seconds_in_one_file(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path, keep_seconds=10.0)
    most = 0
    for first in range(0, 500, 50):
        play(recorder, stage, range(first, first + 50))
        most = max(most, len(list((tmp_path / "out").rglob("*.mp4"))))
    assert close(recorder, 50.0) == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["show.mp4"]
    assert most <= 7
    numbers = numbers_of(tmp_path / "out" / "show.mp4")
    assert numbers == [number % 78 for number in range(500 - len(numbers), 500)]
    assert 90 <= len(numbers) <= 100
    times = times_of(tmp_path / "out" / "show.mp4")
    assert np.allclose(np.diff(times), 0.1, atol=1e-4)


def test_a_rolling_recording_that_is_short_is_kept_whole(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path, keep_seconds=600.0)
    play(recorder, stage, range(25))
    close(recorder, 2.5)
    assert numbers_of(tmp_path / "out" / "show.mp4") == list(range(25))
    assert recorder.figures().target == str(tmp_path / "out" / "show.mp4")


def die(recorder: Recorder, folder: Path) -> None:
    """Leave the disk as a kill at this moment would."""
    shutil.copytree(folder / "out", folder / "left")
    close(recorder, 0.0)
    shutil.rmtree(folder / "out")
    (folder / "left").rename(folder / "out")


@pytest.mark.parametrize("keep_seconds", [None, 20.0])
def test_parts_of_a_killed_recorder_are_joined_by_the_next_at_their_place_in_time(
    tmp_path: Path, keep_seconds: float | None
) -> None:
    stage = Stage(tmp_path)
    killed = made(tmp_path, keep_seconds)
    play(killed, stage, range(60))
    die(killed, tmp_path)
    (tmp_path / "out" / "show-parts" / "part-000099-000000006100ms.mp4").write_bytes(b"")  # killed before a fragment
    successor = made(tmp_path, keep_seconds)
    play(successor, stage, range(70, 77))
    assert close(successor, 7.7) == []
    path = tmp_path / "out" / "show.mp4"
    numbers, times = numbers_of(path), times_of(path)
    assert numbers == [*range(len(numbers) - 7), *range(70, 77)]
    assert len(numbers) >= 55 + 7
    assert times == pytest.approx([number / RATE for number in numbers])
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["show.mp4"]


def test_a_recorder_that_gets_no_frame_joins_what_a_killed_one_has_left(tmp_path: Path) -> None:
    killed = made(tmp_path)
    play(killed, Stage(tmp_path), range(60))
    die(killed, tmp_path)
    last = made(tmp_path)
    assert close(last, 9.0) == []
    assert numbers_of(tmp_path / "out" / "show.mp4") == list(range(len(numbers_of(tmp_path / "out" / "show.mp4"))))
    assert last.figures().files == (str(tmp_path / "out" / "show.mp4"),)


def test_after_a_long_gap_the_recording_goes_on_in_another_file(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for first in (0, 1000):
        recorder = made(tmp_path)
        play(recorder, stage, range(first, first + 20))
        if first == 0:
            die(recorder, tmp_path)
    close(recorder, 102.0)
    out = tmp_path / "out"
    assert recorder.figures().files == (str(out / "show.mp4"), str(out / "show-2.mp4"))
    assert numbers_of(out / "show-2.mp4") == [number % 78 for number in range(1000, 1020)]


def test_parts_that_cannot_be_joined_are_named_and_stay(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path)
    play(recorder, stage, range(20))
    die(recorder, tmp_path)
    successor = made(tmp_path)
    play(successor, stage, range(30, 40))
    (tmp_path / "out" / "show-parts" / "joining.mp4").mkdir()  # in the way
    notices = close(successor, 4.0)
    assert [notice.partition(":")[0] for notice in notices] == [
        f"The parts in {tmp_path / 'out' / 'show-parts'} could not be joined"
    ]
    assert [len(pictures_of(Path(file))) > 5 for file in successor.figures().files] == [True, True]


def test_many_restarts_do_not_shorten_what_is_kept(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for first in range(0, 240, 20):
        recorder = made(tmp_path, keep_seconds=10.0)
        play(recorder, stage, range(first, first + 20))
        if first < 220:
            die(recorder, tmp_path)
    close(recorder, 24.0)
    assert times_of(tmp_path / "out" / "show.mp4")[-1] >= 9.0


def test_parts_of_different_sizes_become_separate_files(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    small, large = (made(tmp_path, keep_seconds=20.0, size=size) for size in (SIZE, (320, 192)))
    play(small, stage, range(20))
    die(small, tmp_path)
    play(large, stage, range(20))
    close(large, 2.0)
    sizes = {path.name: pictures_of(path)[0].shape[1] for path in (tmp_path / "out").glob("*.mp4")}
    assert sizes == {"show.mp4": 160, "show-2.mp4": 320}


def test_two_claims_of_one_name_differ_and_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "show-2-parts").mkdir()
    wanted = RecorderSettings(tmp_path / "show.mp4")
    first, second = claim(wanted), claim(wanted)
    assert [made.settings.path.name for made in (first, second)] == ["show.mp4", "show-3.mp4"]
    assert (first.notice, second.notice) == (
        "",
        f"Another show is recording to {wanted.path}; this one records to {tmp_path / 'show-3.mp4'}.",
    )
    for made in (first, second):
        assert made.unfinished() == ""
        made.release()
    assert [path.name for path in tmp_path.iterdir()] == ["show-2-parts"]


def test_a_folder_that_cannot_be_written_is_left_to_the_recorder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder should be")
    wanted = RecorderSettings(tmp_path / "out" / "show.mp4")
    assert claim(wanted).settings == wanted


def chapters_of(path: Path) -> list[tuple[float, float, str]]:
    """Begin, end (s) and name of each chapter of a film."""
    with av.open(str(path)) as film:
        return [
            (
                float(each["start"] * (each["time_base"] or 0)),
                float(each["end"] * (each["time_base"] or 0)),
                each["metadata"]["title"],
            )
            for each in film.chapters()
        ]


def test_cues_are_chapters_also_after_a_kill_and_when_only_the_end_is_kept(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    killed = made(tmp_path)
    killed.mark("open", -5.0)
    play(killed, stage, range(30))
    killed.mark("sea", 2.0)
    die(killed, tmp_path)
    successor = made(tmp_path)
    successor.mark("sea", 2.0)
    play(successor, stage, range(40, 60))
    successor.mark("end", 5.0)
    close(successor, 6.0)
    film = tmp_path / "out" / "show.mp4"
    assert chapters_of(film) == [(0.0, 2.0, "open"), (2.0, 5.0, "sea"), (5.0, 6.0, "end")]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["show.mp4"]


def test_a_rolling_recording_begins_with_the_chapter_of_its_first_picture(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path, keep_seconds=10.0)
    for first, name in ((0, "one"), (100, "two"), (200, "three"), (250, "four")):
        recorder.mark(name, first / RATE)
        play(recorder, stage, range(first, first + 100))
    close(recorder, 35.0)
    film = tmp_path / "out" / "show.mp4"
    seconds = len(numbers_of(film)) / RATE
    ((begin, end, name),) = chapters_of(film)
    assert (begin, name) == (0.0, "four")
    assert end == pytest.approx(seconds)


def test_what_was_said_is_beside_the_film_also_after_a_kill(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    killed = made(tmp_path)
    play(killed, stage, range(30))
    killed.say("a red sun", 1.0, 2.5)
    die(killed, tmp_path)
    successor = made(tmp_path)
    successor.say("a red sun", 1.0, 2.5)
    play(successor, stage, range(40, 60))
    successor.say("over the sea", 4.5, 5.75)
    assert close(successor, 6.0) == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["show.mp4", "show.srt"]
    assert (tmp_path / "out" / "show.srt").read_text(encoding="utf-8") == (
        "1\n00:00:01,000 --> 00:00:02,500\na red sun\n\n2\n00:00:04,500 --> 00:00:05,750\nover the sea\n"
    )


def test_a_rolling_recording_keeps_the_words_of_what_it_keeps(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = made(tmp_path, keep_seconds=10.0)
    for second in range(0, 30, 5):
        play(recorder, stage, range(second * RATE, (second + 5) * RATE))
        recorder.say(f"said at {second}", second + 1.0, second + 2.0)
    close(recorder, 30.0)
    film, subtitles = tmp_path / "out" / "show.mp4", tmp_path / "out" / "show.srt"
    begin = 30 - len(numbers_of(film)) / RATE
    words = subtitles.read_text(encoding="utf-8")
    assert "said at 5\n" not in words
    assert f"{timestamp(26 - begin)} --> {timestamp(27 - begin)}\nsaid at 25\n" in words


def test_a_disk_that_refuses_words_is_reported(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder should be")
    recorder = made(tmp_path)
    recorder.say("a red sun", 1.0, 2.5)
    (notice,) = recorder.notices()
    assert notice.startswith("The subtitle 'a red sun' is not beside the recording: ")


@pytest.mark.slow
@pytest.mark.parametrize("codec", ["prores", "dnxhr"])
def test_films_for_editing_are_quicktime_with_key_frames_only(tmp_path: Path, codec: FilmCodec) -> None:
    stage = Stage(tmp_path)
    settings = RecorderSettings(tmp_path / "out" / "show.mov", reserve_bytes=0, codec=codec)
    killed = opened(Recorder(settings), (1280, 720))
    killed.mark("open", 0.0)
    play(killed, stage, range(20))
    die(killed, tmp_path)
    successor = opened(Recorder(settings), (1280, 720))
    play(successor, stage, range(20, 30))
    assert close(successor, 3.0) == []
    film = tmp_path / "out" / "show.mov"
    with av.open(str(film)) as opened_film:
        names = {"prores": "prores", "dnxhr": "dnxhd"}
        assert opened_film.streams.video[0].codec_context.name == names[codec]
        packets = [packet for packet in opened_film.demux(video=0) if packet.size]
    assert all(packet.is_keyframe for packet in packets)
    assert len(packets) >= 28
    assert [name for *_, name in chapters_of(film)] == ["open"]


def test_an_ending_that_does_not_fit_the_codec_is_one_sentence() -> None:
    with pytest.raises(ShowError, match=r"A recording in prores is a \.mov file: film\.mov\."):
        check(RecorderSettings(Path("film.mp4"), codec="prores"))


def test_a_recording_of_so_many_seconds_ends_by_itself(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    recorder = opened(Recorder(RecorderSettings(tmp_path / "show.mp4", reserve_bytes=0, seconds=2.5)))
    play(recorder, stage, range(50))
    close(recorder, 9.0)
    assert numbers_of(tmp_path / "show.mp4") == list(range(25))


def test_a_recording_whose_recorder_begins_after_its_time_is_as_long_as_was_asked_for(tmp_path: Path) -> None:
    recorder = opened(Recorder(RecorderSettings(tmp_path / "show.mp4", reserve_bytes=0, seconds=2.5)))
    recorder.missed(100.0)  # when it was started
    recorder.write(grey(7), 103.0)
    recorder.close(103.1)
    assert times_of(tmp_path / "show.mp4")[-1] == pytest.approx(2.4)
    assert set(numbers_of(tmp_path / "show.mp4")) == {7}
