"""A layout for TouchOSC (hexler): a .tosc file, which is zlib-compressed XML."""

from __future__ import annotations

import uuid
import zlib
from xml.etree import ElementTree

from installation.control.layouts.widgets import Connection, Widget, widgets

NEXT_STEP = "Open it in TouchOSC; set OSC connection 1 to {host}, send port {port}, receive port {feedback_port}."
WIDTH, HEIGHT = 1024, 768
GAP, TAB_HEIGHT, LABEL_HEIGHT, ROW_HEIGHT = 8, 48, 20, 68
COLUMNS = 4
_COLOURS = {"fader": (1.0, 0.71, 0.33), "toggle": (0.53, 0.85, 0.58), "button": (0.6, 0.56, 0.5)}
_BACKGROUND = (0.05, 0.04, 0.035)
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "laterna")  # the same file every time

Element = ElementTree.Element


def layout(connection: Connection) -> bytes:
    """The layout, with a page for each group. TouchOSC keeps hosts and ports outside of layouts."""
    del connection
    root = Element("lexml", version="3")
    document = _node(root, "GROUP", "laterna", (0, 0, WIDTH, HEIGHT), _BACKGROUND)
    pager = _node(_children(document), "PAGER", "groups", (0, 0, WIDTH, HEIGHT), _BACKGROUND)
    _property(pager, "i", "tabbarSize", str(TAB_HEIGHT))
    pages = _children(pager)
    for group, shown in widgets().items():
        page = _node(pages, "GROUP", group, (0, TAB_HEIGHT, WIDTH, HEIGHT - TAB_HEIGHT), _BACKGROUND)
        _property(page, "s", "tabLabel", group)
        for place, widget in enumerate(shown):
            _add_widget(_children(page), widget, place)
    return zlib.compress(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _add_widget(parent: Element, widget: Widget, place: int) -> None:
    width = (WIDTH - GAP) // COLUMNS - GAP
    x = GAP + (place % COLUMNS) * (width + GAP)
    y = GAP + (place // COLUMNS) * (LABEL_HEIGHT + ROW_HEIGHT + GAP)
    label = _node(parent, "LABEL", f"{widget.address} label", (x, y, width, LABEL_HEIGHT), _BACKGROUND)
    _value(label, "text", widget.label)
    frame = (x, y + LABEL_HEIGHT, width, ROW_HEIGHT)
    kind = "FADER" if widget.kind == "fader" else "BUTTON"
    node = _node(parent, kind, widget.address, frame, _COLOURS[widget.kind])
    if widget.kind == "fader":
        _property(node, "i", "orientation", "1")  # horizontal
        _value(node, "x", f"{(widget.default - widget.low) / (widget.high - widget.low):g}")
    else:
        _property(node, "i", "buttonType", "0" if widget.kind == "button" else "2")  # momentary, toggle press
        _value(node, "x", f"{widget.default:g}")
    _add_message(node, widget)


def _add_message(node: Element, widget: Widget) -> None:
    osc = ElementTree.SubElement(ElementTree.SubElement(node, "messages"), "osc")
    settings = {"enabled": 1, "send": 1, "receive": 1, "feedback": 0, "noDuplicates": 0, "connections": "00001"}
    for key, value in settings.items():
        ElementTree.SubElement(osc, key).text = str(value)
    trigger = ElementTree.SubElement(ElementTree.SubElement(osc, "triggers"), "trigger")
    ElementTree.SubElement(trigger, "var").text = "x"
    ElementTree.SubElement(trigger, "condition").text = "RISE" if widget.kind == "button" else "ANY"
    _partial(ElementTree.SubElement(osc, "path"), "CONSTANT", "STRING", widget.address, (0.0, 1.0))
    conversion = "FLOAT" if widget.kind == "fader" else "INTEGER"
    _partial(ElementTree.SubElement(osc, "arguments"), "VALUE", conversion, "x", (widget.low, widget.high))


def _partial(parent: Element, kind: str, conversion: str, value: str, scale: tuple[float, float]) -> None:
    partial = ElementTree.SubElement(parent, "partial")
    fields = {"type": kind, "conversion": conversion, "value": value}
    for key, text in {**fields, "scaleMin": f"{scale[0]:g}", "scaleMax": f"{scale[1]:g}"}.items():
        ElementTree.SubElement(partial, key).text = text


def _node(
    parent: Element, kind: str, name: str, frame: tuple[int, int, int, int], colour: tuple[float, float, float]
) -> Element:
    identity = str(uuid.uuid5(_IDS, f"{kind} {name} {frame}"))
    node = ElementTree.SubElement(parent, "node", ID=identity, type=kind)
    ElementTree.SubElement(node, "properties")
    ElementTree.SubElement(node, "values")
    _property(node, "s", "name", name)
    box = _property(node, "r", "frame", None)
    for key, number in zip("xywh", frame, strict=True):
        ElementTree.SubElement(box, key).text = str(number)
    paint = _property(node, "c", "color", None)
    for key, share in zip("rgba", (*colour, 1.0), strict=True):
        ElementTree.SubElement(paint, key).text = f"{share:g}"
    return node


def _property(node: Element, kind: str, key: str, text: str | None) -> Element:
    properties = node.find("properties")
    assert properties is not None
    entry = ElementTree.SubElement(properties, "property", type=kind)
    ElementTree.SubElement(entry, "key").text = key
    value = ElementTree.SubElement(entry, "value")
    value.text = text
    return value


def _value(node: Element, key: str, default: str) -> None:
    values = node.find("values")
    assert values is not None
    entry = ElementTree.SubElement(values, "value")
    fields = {"key": key, "locked": "0", "lockedDefaultCurrent": "0", "default": default, "defaultPull": "0"}
    for name, text in fields.items():
        ElementTree.SubElement(entry, name).text = text


def _children(node: Element) -> Element:
    found = node.find("children")
    return found if found is not None else ElementTree.SubElement(node, "children")
