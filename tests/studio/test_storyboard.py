from __future__ import annotations

import http.client
import json
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.models import default_place
from installation.models.fake import FakeGenerator
from installation.models.image_files import read_image
from installation.models.stored_latents import StoredLatents, read_latents, save_latents
from installation.render.replay import ReplayedRenderer
from installation.studio.pinning import pin_cue, pin_line
from installation.studio.replay import read_performance, renderer_config
from installation.studio.storyboard import parse_picks, pin, read_source
from installation.studio.storyboard_page import read_picks, serve
from tests.running import ROOT, running, until

LIMIT = 60.0  # seconds

POEM = """# A poem
The fox runs out

Nobody saw it => a dark forest | people:-1; latent/truncation = 0.6
"""
SHOW = """title = "Two cues"

[[cue]]  # the first
words = "a fox"
params = { "latent/truncation" = 0.5 }

[[cue]]
name = "silence"

[[cue]]
words = "the sea"
picture = "old.safetensors"
"""
SMALL = ["--device", "cpu", "--size", "96x64", "--iterations", "1"]


@pytest.fixture
def poem(tmp_path: Path) -> Path:
    (tmp_path / "poem.txt").write_text(POEM)
    return tmp_path / "poem.txt"


def test_every_line_and_every_cue_with_words_is_an_entry(poem: Path) -> None:
    entries = read_source(str(poem)).entries
    assert [(e.number, e.name, e.title, e.prompt) for e in entries] == [
        (1, "line-1", "The fox runs out", "The fox runs out"),
        (2, "line-2", "Nobody saw it", "a dark forest | people:-1"),
    ]
    assert entries[1].params == {"latent/truncation": 0.6}
    show = poem.with_name("show.toml")
    show.write_text(SHOW.replace('picture = "old.safetensors"\n', "") + f'\n[script]\nfile = "{poem.name}"\n')
    assert [e.name for e in read_source(str(show)).entries] == ["cue-1", "cue-3", "line-1", "line-2"]


def test_a_pinned_line_keeps_what_it_had_and_is_pinned_again(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text(POEM)
    for name in ("line-2.safetensors", "other.safetensors"):
        pin_line(path, 2, name)
        pin_line(path, 1, name)
    assert path.read_text() == (
        "# A poem\nThe fox runs out => picture = other.safetensors\n\n"
        "Nobody saw it => a dark forest | people:-1; latent/truncation = 0.6; picture = other.safetensors\n"
    )


def test_a_pinned_cue_keeps_the_rest_of_the_show_file(tmp_path: Path) -> None:
    path = tmp_path / "show.toml"
    path.write_text(SHOW)
    pin_cue(path, 1, "cue-1.safetensors")
    pin_cue(path, 3, "cue-3.safetensors")
    text = path.read_text()
    assert [cue.get("picture") for cue in tomllib.loads(text)["cue"]] == [
        "cue-1.safetensors",
        None,
        "cue-3.safetensors",
    ]
    assert text.count("\n") == SHOW.count("\n") + 1
    assert "[[cue]]  # the first" in text


@pytest.mark.parametrize(("text", "number"), [("cue = [{ words = 'a' }]\n", 1), (SHOW, 4)])
def test_a_cue_that_is_no_table_is_one_sentence(tmp_path: Path, text: str, number: int) -> None:
    (tmp_path / "show.toml").write_text(text)
    with pytest.raises(ShowError, match=r"has no \[\[cue\]\] table number"):
        pin_cue(tmp_path / "show.toml", number, "a.safetensors")


@pytest.mark.slow
def test_the_command_makes_a_sheet_and_a_page_resumes_and_pins(poem: Path) -> None:
    folder = poem.with_name("poem-storyboard")
    assert main(["storyboard", str(poem), "--seeds", "1-2", *SMALL]) == 0
    assert read_image(folder / "storyboard.jpg").shape[1] > 400
    page = (folder / "index.html").read_text()
    assert page.count('type="radio"') == 4
    assert [each["name"] for each in json.loads((folder / "storyboard.json").read_text())["entries"]] == [
        "line-1",
        "line-2",
    ]
    made = (folder / "line-1_seed-2.safetensors").stat().st_mtime_ns
    assert main(["storyboard", str(poem), "--pick", "1:2", "--device", "cpu"]) == 0
    assert (folder / "line-1_seed-2.safetensors").stat().st_mtime_ns == made
    pinned = read_latents(poem.with_name("line-1.safetensors"))
    assert (pinned.settings["prompt"], pinned.settings["seed"]) == ("The fox runs out", "2")
    assert "The fox runs out => picture = line-1.safetensors" in poem.read_text()


@pytest.mark.slow
def test_what_a_line_names_and_no_picture_shows_is_told_at_every_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "poem.txt").write_text("a fox beside a scaffolding\n")
    for _ in range(2):  # the second time the picture is there
        assert main(["storyboard", str(tmp_path / "poem.txt"), "--seeds", "1", *SMALL]) == 0
        assert "1: not pictured: scaffolding" in capsys.readouterr().out
    assert "not pictured: scaffolding" in (tmp_path / "poem-storyboard" / "index.html").read_text()


def test_a_show_of_laterna_is_not_changed(tmp_path: Path) -> None:
    source = read_source("tyger")
    with pytest.raises(ShowError, match="'tyger' comes with Laterna: copy"):
        pin(source, {1: 1}, tmp_path)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[int, list[dict[int, int]]]]:
    picked: list[dict[int, int]] = []

    def choose(picks: object) -> list[Path]:
        assert isinstance(picks, dict)
        if 99 in picks:
            raise ShowError("There is no line 99.")
        picked.append(picks)
        return [Path("line-3.safetensors")]

    (tmp_path / "index.html").write_text("the page")
    with serve(tmp_path, choose) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, picked
        server.shutdown()
        thread.join()


def post(port: int, body: str, kind: str = "application/json", path: str = "/pick", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", path, body, {"Content-Type": kind, **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_a_click_on_the_served_page_pins(page: tuple[int, list[dict[int, int]]]) -> None:
    port, picked = page
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/index.html")
    assert connection.getresponse().read() == b"the page"
    connection.close()
    assert post(port, '{"3": 2}') == (200, "Pinned: line-3.safetensors.")
    assert picked == [{3: 2}]


def test_only_the_page_itself_can_pin(page: tuple[int, list[dict[int, int]]]) -> None:
    port, picked = page
    assert post(port, '{"3": 2}', "text/plain")[0] == 403
    assert post(port, '{"3": 2}', Host="evil.example")[0] == 403
    assert post(port, '{"3": 2}', path="/other")[0] == 403
    assert post(port, "[1]") == (400, 'the choice is no choice of a storyboard, such as {"3": 2}.')
    assert post(port, '{"99": 2}') == (400, "There is no line 99.")
    assert picked == []


def test_picks_are_parsed() -> None:
    assert parse_picks(["3:2", "1:7"]) == {3: 2, 1: 7}
    assert read_picks('{"3": 2}', "picks.json") == {3: 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pick", "3"], "--pick takes LINE:SEED, such as 3:2, not '3'."),
        (["--pick", "9:1"], "There is no line 9: "),
        (["--picks", "nothing.json"], "nothing.json"),
        (["--seeds", "x"], "--seeds takes numbers"),
        (["-o", "/proc/nothing"], "/proc/nothing cannot be written"),
    ],
)
def test_a_mistake_is_one_sentence(
    poem: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["storyboard", str(poem), *arguments, *SMALL]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(("name", "message"), [("empty.txt", "has no lines"), ("none.txt", "No such file")])
def test_a_text_without_lines_is_one_sentence(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n")
    with pytest.raises(ShowError, match=message):
        read_source(str(tmp_path / name))


@pytest.mark.slow
def test_a_show_plays_exactly_the_pinned_picture(tmp_path: Path) -> None:
    """Real processes; the frames are drawn again from the journal, to read the latents that were on screen."""
    (tmp_path / "poem.txt").write_text("The lamp goes out\nThe sea is dark\n")
    rehearsal = (ROOT / "shows" / "rehearsal.toml").read_text().partition("[[cue]]")[0]
    show_file = tmp_path / "evening.toml"
    show_file.write_text(f'{rehearsal}\n[script]\nfile = "poem.txt"\n')
    chosen = FakeGenerator().sample(1, 77)
    save_latents(tmp_path / "line-1_seed-2.safetensors", StoredLatents(chosen, "fake"))
    pin(read_source(str(show_file)), {1: 2}, tmp_path)
    with running(str(show_file), tmp_path / "live", ["--set", "walk/amount=0", "--set", "transition/time=0"]) as show:
        until(show.drawn, LIMIT, "the first frame")
        until(show.answers, LIMIT, "an answer by OSC")
        show.osc.send_message("/laterna/script/next", [])
        until(lambda: [each for each in show.drawn() if each["prompt_id"]][20:], LIMIT, "frames of the line")
        show.end()
    performance = read_performance(show.journal_path)
    (life,) = performance.record.renderer_lives()
    renderer = ReplayedRenderer(renderer_config(default_place(), performance, life.start), life.directions)
    for record in life.frames:
        renderer.apply(record)
        renderer.draw(record.show_at)
    z, classes = renderer.latents()
    np.testing.assert_allclose(z, chosen.z, atol=1e-5)
    np.testing.assert_allclose(classes, chosen.classes, atol=1e-4)
