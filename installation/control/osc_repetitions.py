"""What remains of a message without held buttons and repeated values (see `edges`)."""

from __future__ import annotations

from installation.control.edges import ButtonEdges, Repetitions
from installation.control.osc_codec import Message
from installation.control.osc_dispatch import BANGS, Action, name_of
from installation.control.peers import Peer
from installation.core.messages import SetParam, Trigger
from installation.core.params import resolve

BUTTONS = ("", "[i]", "[f]")  # arguments of triggers that a number presses or releases


class OscRepetitions:
    """Remembers the buttons and values of every peer."""

    def __init__(self) -> None:
        self._edges, self._values = ButtonEdges(), Repetitions()

    def remove(self, message: Message, actions: list[Action], peer: Peer, now: float) -> list[Action]:
        """The actions of a message that are new."""
        found = resolve(name_of(message.address))
        row = found[0] if found else None
        if row and row.access == "trigger" and message.args not in BANGS and message.args != ("?",):
            key = peer, message.address
            if row.arguments in BUTTONS:
                chosen = (*key, message.args) if row.arguments == "[i]" and actions else key
                return actions if self._edges.fires(chosen, bool(actions), now) else []
            if row.arguments == "f" and isinstance(actions[0], Trigger):
                return actions if self._edges.fires_amount(key, float(actions[0].args[0]), now) else []
        return [each for each in actions if not isinstance(each, SetParam) or self._is_new(each, peer, now)]

    def _is_new(self, message: SetParam, peer: Peer, now: float) -> bool:
        return self._values.is_new((peer, message.name), message.value, message.seconds, now)
