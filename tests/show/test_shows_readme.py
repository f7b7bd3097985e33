"""shows/README.md: its list of keys is complete and true, and its examples can be used as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from pydantic import BaseModel

from installation.conductor.conductor import Conductor
from installation.control.link_surface import LinkSettings
from installation.control.midi.surface import MidiSettings
from installation.control.registry import SURFACES
from installation.core.paths import SHOWS
from installation.outputs.registry import OUTPUTS
from installation.show.error_messages import TABLE_ARRAYS
from installation.show.extensions import extension_settings
from installation.show.loader import parse_show
from installation.show.projection import ProjectionSettings, ScreenSettings
from installation.show.script_file import Script
from installation.show.settings import CueSettings, DreamSettings, ListenSettings, OutputSettings, Show, SurfaceSettings
from installation.show.sound_settings import SoundMapSettings
from installation.speech.endpointing import VENUES, EndpointingSettings

README = (SHOWS / "README.md").read_text(encoding="utf-8")
SHORT_SHOW, SPEECH, VOICE_COMMANDS, OPERATOR_PAGE, SOUND, TEMPO, LINK, MIDI, EVERY_KEY = re.findall(
    r"```toml\n(.*?)```", README, re.DOTALL
)
(SCRIPT,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)

EXAMPLES: dict[tuple[type[BaseModel], str], object] = {  # of keys without a default
    (CueSettings, "fade_seconds"): 5.0,
    (CueSettings, "seconds"): 12.0,
    (DreamSettings, "average"): 0.99,
    (OutputSettings, "kind"): "recorder",
    (SoundMapSettings, "source"): "onset",
    (SoundMapSettings, "param"): "walk/push",
    (SurfaceSettings, "kind"): "osc",
    (ProjectionSettings, "canvas"): (3520, 1080),
    (ScreenSettings, "canvas"): (1920, 1080),
    (ScreenSettings, "position"): (1920, 0),
    **{(ListenSettings, field.name): getattr(VENUES["quiet"], field.name) for field in fields(EndpointingSettings)},
}


def reference() -> str:
    """Every key with its default and its description, as a show file."""
    parts = ["\n".join(rows(Show))]
    for name, field in Show.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            parts.append("\n".join([f"[{name}]", *rows(field.annotation)]))
    params = f"[params]  # {Show.model_fields['params'].description}"
    parts.append(f'{params}\n# "walk/speed" = 0.35')
    for name, model in TABLE_ARRAYS.items():
        usual = model is CueSettings
        summary = (model.__doc__ or "").splitlines()[0].rstrip(".")
        header = f"[[{name}]]  # {summary[0].lower()}{summary[1:]}; may be repeated"
        parts.append("\n".join(line if usual else f"# {line}" for line in (header, *rows(model, commented=usual))))
    return "\n\n".join(parts) + "\n"


def rows(model: type[BaseModel], commented: bool = True) -> list[str]:
    """A line for each key; a key without a default is commented out."""
    assignments = dict(assigned(model, commented))
    width = max(map(len, assignments))
    return [f"{assignment:<{width}}  # {description}" for assignment, description in assignments.items()]


def assigned(model: type[BaseModel], commented: bool) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        if field.description is None or (model is Show and name == "params"):
            continue
        default = field.get_default(call_default_factory=True)
        absent = default is None or field.is_required()
        value = EXAMPLES[model, name] if absent else default
        yield f"{'# ' if absent and commented else ''}{name} = {toml(value)}", field.description


def toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{}"
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def test_the_list_of_keys_has_every_key_with_its_default_and_its_description() -> None:
    assert reference() == EVERY_KEY


def test_the_list_of_keys_is_a_show_file_that_changes_nothing() -> None:
    assert parse_show(EVERY_KEY) == Show(cue=(CueSettings(),))


def test_the_keys_that_are_commented_out_can_be_used_as_well() -> None:
    show = parse_show(re.sub(r"^# ", "", EVERY_KEY, flags=re.MULTILINE))
    assert (show.listen.end_seconds, show.cue[0].fade_seconds, show.params) == (0.4, 5.0, {"walk/speed": 0.35})
    assert {output.kind for output in show.output} <= set(OUTPUTS)
    assert {surface.kind for surface in show.surface} <= set(SURFACES)
    assert (len(show.output), len(show.surface)) == (1, 1)


def test_the_examples_can_be_used_as_they_are() -> None:
    assert [cue.fade_seconds for cue in parse_show(SHORT_SHOW).cue] == [5.0, None, 0.0]
    assert parse_show(SPEECH).listen.devices == ("stage", "audience")
    assert isinstance(parse_show(VOICE_COMMANDS).listen.commands, dict)
    assert parse_show(OPERATOR_PAGE).web.passcode
    assert [mapping.source for mapping in parse_show(SOUND).sound.map] == ["chroma", "onset", "low"]
    assert Conductor(parse_show(TEMPO)).values["tempo/quantise"] == 4
    assert extension_settings(parse_show(LINK).surface[0], LinkSettings) == LinkSettings()
    assert Conductor(parse_show(LINK)).values["tempo/source"] == "link"
    assert extension_settings(parse_show(TEMPO).surface[0], MidiSettings).controls["note 10/36"] == "tempo/tap"


def test_the_example_of_midi_has_every_key_of_it() -> None:
    (surface,) = parse_show(MIDI).surface
    settings = extension_settings(surface, MidiSettings)
    assert [field.name for field in fields(MidiSettings)] == list(surface.model_extra or {})
    assert replace(settings, port="", controls={}) == MidiSettings()


def test_the_example_of_a_script_can_be_used_as_it_is() -> None:
    assert [line.fade_seconds for line in Script.parse(SCRIPT).lines] == [None, 2.0, 8.0]


def test_every_file_that_the_page_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert "../installation/control/README.md" in links
    assert [link for link in links if not (SHOWS / link).exists()] == []
