"""The keys of [[output]] and [[surface]] tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel

from installation.core.errors import ShowError
from installation.show.extensions import extension_settings
from installation.show.loader import parse_show


@dataclass(frozen=True)
class FileSettings:
    path: Path
    quality: int = 3


class PortSettings(BaseModel):
    port: int


def test_the_keys_of_a_table_become_the_settings_of_its_kind() -> None:
    (output,) = parse_show('[[output]]\nkind = "file"\nsource = "generator"\npath = "a.bin"').output
    assert (output.kind, output.source) == ("file", "generator")
    assert extension_settings(output, FileSettings) == FileSettings(Path("a.bin"))
    (surface,) = parse_show('[[surface]]\nkind = "port"\nport = 7').surface
    assert extension_settings(surface, PortSettings) == PortSettings(port=7)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('path = "a"\nqualty = 1', "[[output]] of kind 'file': unknown key 'qualty'; did you mean 'quality'?"),
        ("quality = 1", "[[output]] of kind 'file': path: field required."),
        ('path = "a"\nquality = "high"', "[[output]] of kind 'file': quality: input should be a valid integer"),
    ],
)
def test_a_wrong_key_is_reported_with_the_kind_of_its_table(keys: str, said: str) -> None:
    (output,) = parse_show(f'[[output]]\nkind = "file"\n{keys}').output
    with pytest.raises(ShowError) as error:
        extension_settings(output, FileSettings)
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("table", ["output", "surface"])
def test_a_table_without_a_kind_is_reported_with_its_line(table: str) -> None:
    with pytest.raises(ShowError, match=rf"^my\.toml, line 2: {table}\.1\.kind is missing\.$"):
        parse_show(f"\n[[{table}]]\npath = 'a'", "my.toml")
