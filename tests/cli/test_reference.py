"""The commands that print what there is."""

from __future__ import annotations

import pytest

from installation.cli.main import main
from installation.core.params import PARAMS
from installation.show.loader import shows
from installation.stage.key_table import KEYS


def test_every_show_is_listed_with_its_description(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shows"]) == 0
    rows = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert [row[0] for row in rows] == list(shows())
    assert all(len(row) == 2 for row in rows)


@pytest.mark.parametrize("options", [[], ["--markdown"]])
def test_every_live_parameter_is_listed(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["params", *options]) == 0
    printed = capsys.readouterr().out
    assert [name for name in PARAMS if f"/laterna/{name}" not in printed] == []


def test_the_arguments_of_a_trigger_are_printed_with_their_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    main(["params"])
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("/laterna/queue/approve"))
    assert "trigger [i]" in row


def test_the_keys_are_those_of_the_keyboard_in_its_groups(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys"]) == 0
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    title_width = max(len(group.title) for group in KEYS)
    label_width = max(len(binding.label) for group in KEYS for binding in group.bindings)
    expected = []
    for group in KEYS:
        for binding in group.bindings:
            title = group.title if binding is group.bindings[0] else ""
            note = " (in shows with push to talk)" if binding.push_to_talk else ""
            row = f"{title:{title_width}}   {binding.label:{label_width}}   {binding.description}{note}"
            expected.append(row.rstrip())
        expected.append("")
    assert printed == expected[:-1]
