"""A script for TouchDesigner that builds operators for OSC in both directions, and a page of custom parameters."""

from __future__ import annotations

import pprint
import re

from installation.control.layouts.widgets import Connection, widgets

NEXT_STEP = "In TouchDesigner, put it into a Text DAT and run it (Ctrl+R): it makes a component /project1/laterna."
_SCRIPT = '''\
"""Laterna in TouchDesigner: run this once in a Text DAT. Every parameter of the new component steers the show."""

HOST, PORT, FEEDBACK_PORT = {host!r}, {port}, {feedback_port}

# (page, kind, name of the custom parameter, OSC address, label, low, high, default)
PARAMETERS = {parameters}

CALLBACKS = """# Sends a parameter when it changes, and each button once when it is pressed.
ADDRESSES = {addresses}
def onValueChange(par, prev):
    address = ADDRESSES.get(par.name)
    if address and par.eval() != prev:
        op('send').sendOSC(address, [float(par.eval())])
def onPulse(par):
    address = ADDRESSES.get(par.name)
    if address:
        op('send').sendOSC(address, [])
"""

RENEW = f"""# Feedback is a subscription that lasts a minute.
def onFrameStart(frame):
    if frame % 1200 == 1:
        op('send').sendOSC('/laterna/subscribe', [{{FEEDBACK_PORT}}])
"""


def build(parent):
    """Make the component below `parent`."""
    component = parent.create(baseCOMP, "laterna")
    send = component.create(oscoutDAT, "send")
    send.par.address, send.par.port = HOST, PORT
    numbers = component.create(oscinCHOP, "feedback")
    numbers.par.port = FEEDBACK_PORT
    pages = {{}}
    for page, kind, name, address, label, low, high, default in PARAMETERS:
        if page not in pages:
            pages[page] = component.appendCustomPage(page)
        if kind == "fader":
            (par,) = pages[page].appendFloat(name, label=label)
            par.min = par.normMin = low
            par.max = par.normMax = high
            par.clampMin = par.clampMax = True
            par.default = par.val = default
        elif kind == "toggle":
            (par,) = pages[page].appendToggle(name, label=label)
            par.default = par.val = bool(default)
        else:
            pages[page].appendPulse(name, label=label)
    watch = component.create(parameterexecuteDAT, "watch")
    watch.par.op = component
    watch.par.pars = "*"
    watch.par.builtin = False
    watch.par.valuechange = watch.par.onpulse = True
    watch.text = CALLBACKS
    renew = component.create(executeDAT, "renew")
    renew.par.framestart = renew.par.active = True
    renew.text = RENEW
    return component


build(op("/project1"))
'''


def layout(connection: Connection) -> bytes:
    """The script."""
    rows = [
        (
            group.capitalize(),
            each.kind,
            _name(each.address),
            each.address,
            each.label,
            each.low,
            each.high,
            each.default,
        )
        for group, shown in widgets().items()
        for each in shown
    ]
    addresses = {row[2]: row[3] for row in rows}
    script = _SCRIPT.format(
        host=connection.host,
        port=connection.port,
        feedback_port=connection.feedback_port,
        parameters=pprint.pformat(rows, width=110),
        addresses=pprint.pformat(addresses, width=110),
    )
    return script.encode()


def _name(address: str) -> str:
    """A name for a custom parameter: one capital letter, then small letters and digits."""
    return re.sub(r"[^a-z0-9]", "", address.removeprefix("/laterna/").lower()).capitalize()
