"""The show's values as an OSC server knows them, and its answers to queries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from installation.control.osc_dispatch import ValueQuery
from installation.control.osc_replies import OscReplies, value_packet
from installation.control.peers import Peer
from installation.control.rate_limit import RateLimit
from installation.core.errors import Rejected
from installation.core.messages import CuesChanged, Listing, Query, Value
from installation.core.params import PARAMS, resolve

ANSWERS_PER_SECOND = 2000.0  # to each host: one pattern queries many values
MAX_UNSETTLED = 1024  # senders whose messages may not have been applied yet


class OscValues:
    """Values and readings by name, as the show has told them last."""

    def __init__(self, values: Mapping[str, Value], replies: OscReplies, now: float) -> None:
        defaults = {row.name: row.default for row in PARAMS.values() if row.access != "trigger"}
        self.by_name = defaults | {name: value for name, value in values.items() if resolve(name)}
        self._replies = replies
        self._answers = RateLimit(ANSWERS_PER_SECOND, 4 * ANSWERS_PER_SECOND, now)
        self._unsettled: OrderedDict[str, None] = OrderedDict()  # senders with messages on their way to the show

    @property
    def readings(self) -> dict[str, Value]:
        """All values but the names of the cues, of which there may be thousands."""
        return {name: value for name, value in self.by_name.items() if not _is_cue_name(name)}

    def take_listing(self, listing: Listing) -> None:
        """Keep the names of the cues, so that they can be queried."""
        if isinstance(listing, CuesChanged):
            for name in [name for name in self.by_name if _is_cue_name(name) and name.endswith("/name")]:
                del self.by_name[name]
            self.by_name |= {f"cue/{cue.number}/name": cue.name for cue in listing.cues}

    def unsettle(self, sender: str) -> None:
        """Take note that messages of a sender are on their way: the show answers its next query, after them."""
        self._unsettled[sender] = None
        self._unsettled.move_to_end(sender)
        if len(self._unsettled) > MAX_UNSETTLED:
            self._unsettled.popitem(last=False)

    def answer(self, queries: list[ValueQuery], peer: Peer, now: float) -> list[Query]:
        """Answer queries at once; return those that the show is to answer.

        Raises:
            Rejected: there is no such cue, or there were too many queries in a second.
        """
        through_show: list[Query] = []
        for query in queries:
            if not self._answers.take(peer.host, now):
                raise Rejected("too many queries per second.")
            if peer.origin.sender in self._unsettled and not _is_cue_name(query.name):
                through_show.append(Query(query.name, peer.origin, query.address))
            else:
                self._replies.reply(peer, value_packet(query.name, query.address, self._value(query.name)))
        if through_show:
            del self._unsettled[peer.origin.sender]
        return through_show

    def _value(self, name: str) -> Value:
        """A value; of one of many, such as a class weight, none of which has been set, the default."""
        if name in self.by_name:
            return self.by_name[name]
        found = resolve(name)
        if found is None or _is_cue_name(name):
            raise Rejected("there is no cue with this number.")
        return found[0].default


def _is_cue_name(name: str) -> bool:
    return name not in PARAMS and name.startswith("cue/")
