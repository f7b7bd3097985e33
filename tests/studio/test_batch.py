from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.models.image_files import read_image
from installation.models.stored_latents import read_latents
from installation.studio.job_workers import devices_of
from installation.studio.jobs import Job, read_jobs

SMALL = ["--device", "cpu", "--size", "96x64", "--iterations", "1"]


def test_lines_tables_and_json_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a fox\n\n# a comment\nthe sea / at night\n")
    assert read_jobs(tmp_path / "a.txt", 3, 50) == [Job(1, "a fox", 3, 50), Job(2, "the sea / at night", 3, 50)]
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [["prompt", "seed", "latent/truncation"], ["a fox, red", "7", "0.5"], ["sea", "", ""]]
        )
    assert read_jobs(tmp_path / "a.csv", 1, 50) == [
        Job(1, "a fox, red", 7, 50, {"latent/truncation": "0.5"}),
        Job(2, "sea", 1, 50),
    ]
    (tmp_path / "a.jsonl").write_text(json.dumps({"prompt": "狼", "iterations": 9, "dream.cutouts": 4}) + "\n")
    assert read_jobs(tmp_path / "a.jsonl", 1, 50) == [Job(1, "狼", 1, 9, {"dream.cutouts": "4"})]


def test_a_table_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    text = '\ufeffPrompt;Seed;iterations\r\n"a ship\nat sea";2;\r\na fox, red;;9\r\n;;\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert read_jobs(tmp_path / "a.csv", 1, 50) == [Job(1, "a ship at sea", 2, 50), Job(2, "a fox, red", 1, 9)]


def test_thousands_of_long_prompts_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{'a fox ' * 50}\n" * 5000)
    assert len(read_jobs(tmp_path / "a.txt", 1, 50)) == 5000


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "", "holds no prompts"),
        ("a.csv", "words,seed\nfox,1\n", "has no column 'prompt'"),
        ("a.csv", "prompt,seed\nfox,many\n", "line 2: seed takes a whole number from 0, not 'many'"),
        ("a.csv", "prompt\nfox\na fox, red\n", "line 3 has more fields than the first line: quote a text with commas"),
        ("a.jsonl", '{"prompt": "a"}\n[1]\n', "line 2 is no JSON object"),
        ("a.jsonl", '{"seed": 1}\n', "line 1 has no prompt"),
        ("a.jsonl", "[" * 100_000 + "\n", "line 1 is no JSON object"),
    ],
)
def test_a_row_that_is_no_prompt_is_one_sentence(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ShowError, match=message):
        read_jobs(tmp_path / name, 1, 50)


def test_names_of_jobs_are_safe_and_differ() -> None:
    names = [Job(number, "a / b?" if number < 3 else "../../etc/passwd", 1, 1).name for number in (1, 2, 3)]
    assert names == ["001-a-b", "002-a-b", "003-etc-passwd"]


def test_auto_is_all_devices_and_a_list_is_taken_as_it_is() -> None:
    assert devices_of("cpu, cpu", lambda name: name) == ["cpu", "cpu"]
    assert devices_of("auto", lambda _: "cpu") == ["cpu"]


@pytest.mark.slow
def test_a_failed_prompt_does_not_stop_the_rest_and_a_batch_resumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On two devices, with a process for each, and then on one, in this process."""
    file = tmp_path / "poem.jsonl"
    rows = [{"prompt": "a fox"}, {"prompt": "missing.png"}, {"prompt": "the sea", "latent/truncation": 0.5}]
    rows.append({"prompt": "a tree", "dream.cutouts": "many"})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["batch", str(file), "--device", "cpu,cpu", *SMALL[2:]]) == 1
    printed = capsys.readouterr().out
    assert "2: 'missing.png' failed: The picture missing.png cannot be read" in printed
    assert "2 made, 0 there already, 2 failed" in printed
    folder = tmp_path / "poem"
    assert {path.name for path in folder.iterdir()} == {
        *("001-a-fox.png", "001-a-fox.safetensors", "003-the-sea.png", "003-the-sea.safetensors", "index.html")
    }
    assert float(abs(read_latents(folder / "003-the-sea.safetensors").point.z).max()) <= 1.0001
    (folder / "001-a-fox.png").write_bytes((folder / "001-a-fox.png").read_bytes()[:500])
    file.write_text(file.read_text() + json.dumps({"prompt": "the sea", "seed": 2, "latent/truncation": 0.4}) + "\n")
    assert main(["batch", str(file), *SMALL]) == 1
    printed = capsys.readouterr().out
    assert "2: 'missing.png' failed: The picture missing.png cannot be read" in printed
    assert "2 made, 1 there already, 2 failed" in printed
    assert float(abs(read_latents(folder / "005-the-sea.safetensors").point.z).max()) <= 0.8001
    assert read_image(folder / "001-a-fox.png").shape == (64, 96, 3)
    assert (folder / "index.html").read_text().count("<figure") == 5


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("a fox\n")
    assert main(["batch", str(tmp_path / "a.txt"), "-o", "/proc/nothing", *SMALL]) == 2
    assert capsys.readouterr().err.startswith("laterna: /proc/nothing cannot be written: ")
