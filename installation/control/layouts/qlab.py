"""Network cues for QLab: an AppleScript that makes them in the front workspace."""

from __future__ import annotations

from installation.control.layouts.widgets import Connection, Widget, widgets

NEXT_STEP = "In QLab, set network patch 1 to OSC message, {host}, port {port}; then run the script in Script Editor."
_HEAD = """\
-- Laterna: a network cue for every trigger and switch, and one for the default of every fader.
-- Set network patch 1 to {host}, port {port}, UDP, type "OSC message", before you run this.
tell application id "com.figure53.QLab.5" to tell front workspace
"""
_CUE = """\
	make type "Network"
	set newCue to last item of (selected as list)
	set patch number of newCue to 1
	set custom string of newCue to "{message}"
	set q name of newCue to "{name}"
	set notes of newCue to "{help}"
"""
_TAIL = "end tell\n"


def layout(connection: Connection) -> bytes:
    """The script."""
    cues = [cue for group, shown in widgets().items() for widget in shown for cue in _cues(group, widget)]
    return (_HEAD.format(host=connection.host, port=connection.port) + "".join(cues) + _TAIL).encode()


def _cues(group: str, widget: Widget) -> list[str]:
    if widget.kind == "button":
        return [_cue(widget.address, f"Laterna {group}: {widget.label}", widget.help)]
    if widget.kind == "toggle":
        states = (("on", 1), ("off", 0))
        return [
            _cue(f"{widget.address} {value}", f"Laterna {group}: {widget.label} {word}", widget.help)
            for word, value in states
        ]
    value = f"{widget.default:g}" if "." in f"{widget.default:g}" else f"{widget.default:.1f}"
    return [_cue(f"{widget.address} {value}", f"Laterna {group}: {widget.label} {value}", widget.help)]


def _cue(message: str, name: str, help_text: str) -> str:
    return _CUE.format(message=_escaped(message), name=_escaped(name), help=_escaped(help_text))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
