"""Every layout is what its program reads, and steers every parameter by an address that exists."""

from __future__ import annotations

import ast
import json
import re
import shlex
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from installation.cli.main import main
from installation.control.layouts.registry import FORMATS
from installation.control.layouts.widgets import MAX_FADER_RANGE, Connection, Widget, widgets
from installation.control.osc_dispatch import interpret
from installation.core.messages import Origin, SetParam, Trigger
from installation.core.params import PARAMS
from tests.conftest import require_package

PLACE = Connection("10.0.0.5", 9500, 9501)
WIDGETS = [widget for group in widgets().values() for widget in group]
ADDRESSES = {widget.address for widget in WIDGETS}


def made(name: str) -> bytes:
    return FORMATS[name].make(PLACE)


def of_kind(kind: str) -> set[str]:
    return {widget.address for widget in WIDGETS if widget.kind == kind}


def accepted(address: str, *args: float) -> bool:
    (action,) = interpret(address, args, Origin("osc"))
    return isinstance(action, (SetParam, Trigger))


# -- what a layout shows ----------------------------------------------------------------------------------------------


def test_every_fader_and_switch_of_the_parameter_table_has_a_widget() -> None:
    wanted = {
        f"/laterna/{row.name}"
        for row in PARAMS.values()
        if row.access == "value"
        and (row.kind == "bool" or (row.kind == "float" and row.high - row.low <= MAX_FADER_RANGE))
    }
    assert wanted <= ADDRESSES
    assert len(ADDRESSES) == len(WIDGETS)
    assert widgets()["transport"][0].label == "GO"


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: str(widget.address))
def test_the_show_accepts_what_a_widget_sends(widget: Widget) -> None:
    values = {"fader": (widget.low, widget.high, widget.default), "toggle": (0.0, 1.0), "button": (1.0,)}
    assert all(accepted(widget.address, value) for value in values[widget.kind])


@pytest.mark.parametrize("name", FORMATS)
def test_a_layout_is_the_same_every_time(name: str) -> None:
    assert made(name) == made(name)


# -- the programs -----------------------------------------------------------------------------------------------------


def test_touchosc_reads_its_layout(tmp_path: Path) -> None:
    tosclib = require_package("tosclib")
    path = tmp_path / "laterna.tosc"
    path.write_bytes(made("touchosc"))
    document = tosclib.ElementTOSC(tosclib.load(str(path))[0])
    pager = document.children[0]
    assert [page.get("type") for page in pager.find("children")] == ["GROUP"] * len(widgets())
    root = ElementTree.fromstring(zlib.decompress(path.read_bytes()))
    nodes = list(root.iter("node"))
    assert len({node.get("ID") for node in nodes}) == len(nodes)
    sent = {}
    for node in nodes:
        if (message := node.find("messages/osc")) is not None:
            scale = [float(message.findtext(f"arguments/partial/{key}") or 0) for key in ("scaleMin", "scaleMax")]
            sent[message.findtext("path/partial/value")] = (node.get("type"), *scale)
    assert set(sent) == ADDRESSES
    for widget in WIDGETS:
        assert sent[widget.address] == ("FADER" if widget.kind == "fader" else "BUTTON", widget.low, widget.high)


def test_open_stage_control_reads_its_session() -> None:
    session = json.loads(made("open-stage-control"))
    assert (session["type"], session["content"]["type"]) == ("session", "root")
    found = [widget for tab in session["content"]["tabs"] for widget in tab["widgets"]]
    assert {widget["address"] for widget in found} == ADDRESSES
    assert len({widget["id"] for widget in found}) == len(found)
    faders = {widget["address"]: widget["range"] for widget in found if widget["type"] == "fader"}
    assert faders == {each.address: {"min": each.low, "max": each.high} for each in WIDGETS if each.kind == "fader"}


def test_max_reads_its_patch_and_every_line_has_two_ends() -> None:
    patcher = json.loads(made("max"))["patcher"]
    boxes = {each["box"]["id"]: each["box"] for each in patcher["boxes"]}
    assert len(boxes) == len(patcher["boxes"])
    for each in patcher["lines"]:
        source, outlet = each["patchline"]["source"]
        target, inlet = each["patchline"]["destination"]
        assert outlet < boxes[source]["numoutlets"]
        assert inlet < boxes[target]["numinlets"]
    texts = [box.get("text", "") for box in boxes.values()]
    assert "udpsend 10.0.0.5 9500" in texts
    assert "udpreceive 9501" in texts
    sent = {text.removeprefix("prepend ") for text in texts if text.removeprefix("prepend ") in ADDRESSES}
    assert sent == ADDRESSES


def test_companion_reads_its_page() -> None:
    export = json.loads(made("companion"))
    assert (export["version"], export["type"]) == (4, "page")
    (instance,) = export["instances"].values()
    assert (instance["instance_type"], instance["config"]["host"]) == ("generic-osc", "10.0.0.5")
    buttons = [button for row in export["page"]["controls"].values() for button in row.values()]
    assert buttons[0]["style"]["text"] == "GO"
    actions = [action for each in buttons for action in each["steps"]["0"]["action_sets"]["down"]]
    assert len({action["id"] for action in actions}) == len(actions) == len(buttons)
    for action in actions:
        assert action["instance"] in export["instances"]
        options = action["options"]
        values = [float(options[key]) for key in ("int", "float") if key in options]
        assert action["action"] == {0: "send_blank"}.get(len(values), action["action"])
        assert accepted(options["path"], *values)
    first = {each["options"]["path"] for each in actions[:9]}
    assert {"/laterna/go", "/laterna/blackout", "/laterna/panic"} <= first


def test_qlab_script_makes_a_network_cue_for_every_address() -> None:
    script = made("qlab").decode()
    lines = script.splitlines()
    assert lines[2].startswith("tell application id")
    assert lines[-1] == "end tell"
    assert all(line.count('"') - line.count('\\"') in (0, 2) for line in lines[3:-1])
    messages = [shlex.split(each) for each in re.findall(r'custom string of newCue to "(.*)"', script)]
    assert {message[0] for message in messages} == ADDRESSES
    assert all(accepted(address, *map(float, args)) for address, *args in messages)
    assert script.count('make type "Network"') == len(messages)


def test_touchdesigner_script_builds_its_component() -> None:
    """Run against operators that note what is created."""
    source = made("touchdesigner").decode()
    ast.parse(source)
    component = _Operator("laterna")
    kinds = ("baseCOMP", "oscoutDAT", "oscinCHOP", "parameterexecuteDAT", "executeDAT")
    names: dict[str, Any] = {kind: kind for kind in kinds}
    exec(compile(source, "laterna.py", "exec"), names | {"op": lambda _path: _Parent(component)})
    send, feedback, watch, renew = (component.made[name] for name in ("send", "feedback", "watch", "renew"))
    assert (send.par.address, send.par.port, feedback.par.port) == ("10.0.0.5", 9500, 9501)
    assert {par: kind for par, (kind, _) in component.pars.items()} == {
        _name(widget): {"fader": "Float", "toggle": "Toggle", "button": "Pulse"}[widget.kind] for widget in WIDGETS
    }
    speed = component.pars["Walkspeed"][1]
    assert (speed.min, speed.max, speed.default) == (0.0, 1.0, 0.35)
    callbacks: dict[str, Any] = {"op": lambda _name: SimpleNamespace(sendOSC=lambda *sent: component.sent.append(sent))}
    exec(watch.text, callbacks)
    exec(renew.text, callbacks)
    callbacks["onValueChange"](SimpleNamespace(name="Walkspeed", eval=lambda: 0.5), 0.25)
    callbacks["onValueChange"](SimpleNamespace(name="Walkspeed", eval=lambda: 0.5), 0.5)
    callbacks["onPulse"](SimpleNamespace(name="Go"))
    callbacks["onFrameStart"](1)
    assert component.sent == [("/laterna/walk/speed", [0.5]), ("/laterna/go", []), ("/laterna/subscribe", [9501])]


def _name(widget: Widget) -> str:
    return re.sub(r"\W", "", widget.address.removeprefix("/laterna/").lower()).capitalize()


class _Parent:
    def __init__(self, component: _Operator) -> None:
        self.component = component

    def create(self, kind: str, name: str) -> _Operator:
        assert (kind, name) == ("baseCOMP", "laterna")
        return self.component


class _Operator:
    """An operator of TouchDesigner that notes what is done with it."""

    def __init__(self, name: str) -> None:
        self.name, self.text = name, ""
        self.par = SimpleNamespace()
        self.made: dict[str, _Operator] = {}
        self.pars: dict[str, tuple[str, Any]] = {}
        self.sent: list[Any] = []

    def create(self, kind: str, name: str) -> _Operator:
        del kind
        self.made[name] = _Operator(name)
        return self.made[name]

    def appendCustomPage(self, name: str) -> SimpleNamespace:
        del name

        def append(kind: str) -> Any:
            def add(par: str, label: str) -> tuple[SimpleNamespace]:
                assert label
                assert re.fullmatch(r"[A-Z][a-z0-9]*", par)
                self.pars[par] = (kind, SimpleNamespace())
                return (self.pars[par][1],)

            return add

        return SimpleNamespace(appendFloat=append("Float"), appendToggle=append("Toggle"), appendPulse=append("Pulse"))


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_writes_the_file_and_says_what_to_do_with_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / f"laterna{FORMATS[name].suffix}"
    assert (
        main(["layout", name, "-o", str(path), "--host", "10.0.0.5", "--port", "9500", "--feedback-port", "9501"]) == 0
    )
    assert path.read_bytes() == made(name)
    assert str(path) in capsys.readouterr().out


def test_a_wrong_program_or_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layout", "touchos", "-o", str(tmp_path / "a.tosc")]) == 2
    assert "did you mean 'touchosc'?" in capsys.readouterr().err
    assert main(["layout", "max", "-o", str(tmp_path / "a.txt")]) == 2
    assert f"-o {tmp_path / 'a.maxpat'}" in capsys.readouterr().err
