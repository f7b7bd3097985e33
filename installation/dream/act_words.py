"""Verbs for what one figure does to another: "the dog bites a postman", "a girl pushing her grandfather on a swing".

Each verb belongs to an act, a mark of an `Arrangeable` generator. Some acts need a word more ("hangs from", "runs away
with"), and a few are another one for things of another kind: what eats a tree nibbles at it.
"""

from __future__ import annotations

from collections.abc import Sequence

_DOUBLED = frozenset(
    [
        "hug",
        "grab",
        "rob",
        "drop",
        "hum",
        "nap",
        "wrap",
        "slip",
        "kidnap",
        "pat",
        "pet",
        "sip",
        "chat",
        "step",
        "trip",
        "pop",
        "stir",
        "chop",
        "scrub",
        "flip",
        "knit",
        "dig",
        "trim",
        "mop",
    ]
)
_IRREGULAR = {  # other forms of verbs
    "steal": "stole stolen",
    "throw": "threw thrown",
    "give": "gave given",
    "bring": "brought",
    "eat": "ate eaten",
    "drink": "drank drunk",
    "bite": "bit bitten",
    "catch": "caught",
    "fight": "fought",
    "feed": "fed",
    "sleep": "slept",
    "lie": "lay lying lies",
    "fall": "fell fallen",
    "hang": "hung",
    "wind": "wound",
    "speak": "spoke",
    "sing": "sang sung",
    "meet": "met",
    "sting": "stung",
    "teach": "taught",
    "sell": "sold",
    "spill": "spilt",
    "swing": "swung",
    "cut": "cut cutting",
    "dig": "dug",
    "draw": "drew drawn",
    "build": "built",
    "sew": "sewn",
}
_VERBS = {
    "pushing": "push shove",
    "lifting": "lift hoist balance",
    "tossing": "throw toss kick juggle hurl",
    "giving": "give bring offer deliver serve present sell show hand",
    "stealing": "steal snatch rob kidnap grab nick pinch",
    "eating": "eat nibble munch gobble chew devour lick drink sip taste sniff smell",
    "catching": "catch trap",
    "swallowing": "swallow gulp",
    "biting": "bite sting attack peck scratch tickle",
    "embracing": "kiss hug embrace cuddle comfort",
    "dancing": "dance waltz",
    "fighting": "fight battle wrestle box duel argue quarrel",
    "feeding": "feed stroke pet pat milk wash brush",
    "watching": "watch howl stare look gaze talk speak whisper listen sing greet meet visit wave bark hiss "
    "laugh point scold teach chat peer admire photograph frighten scare",
    "lying": "sleep lie nap rest doze snore",
    "climbing": "climb scale",
    "falling": "fall tumble plunge",
    "dropping": "drop spill lose",
    "wrapping": "wrap curl coil wind",
    "hanging": "hang dangle",
    "waiting": "wait",
}
WEAPONS = ("sword", "axe", "hammer", "umbrella", "broom", "walking stick", "baguette")  # with which people fight
MUTUAL = ("embracing", "dancing", "fighting")  # acts in which both do the same
BEDS = ("bed", "sofa", "bench", "sled", "rocking chair", "armchair", "hammock", "deckchair")
_NEEDS = {  # words of which one has to follow
    "dancing": ("with",),
    "lying": ("in", "on", "inside"),
    "falling": ("from", "off", "out", "down"),
    "wrapping": ("around", "round"),
    "hanging": ("from", "in", "on", "off", "under"),
    "waiting": ("for",),
}
_UNLIKE = {  # words after which a verb says something else: "looking for", "climbs into"
    "watching": ("on", "upon", "atop", "for", "like", "over", "under", "behind", "from", "in", "through"),
    "fighting": ("over", "about", "for"),
    "eating": ("in", "on", "at", "with", "under", "by", "beside", "near"),
    "pushing": ("through", "into"),
    "tossing": ("into",),
    "climbing": ("into", "in", "out", "over"),
    "giving": ("up",),
    "lifting": ("on", "upon", "atop"),
}
_BODY = ("back", "head", "shoulder", "shoulders", "nose", "heads", "backs")
_AWAY = (["away", "with"], ["off", "with"])


def forms(verb: str) -> frozenset[str]:
    """The forms of a verb: "push" -> "push", "pushes", "pushing", "pushed"."""
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    soft = stem.removesuffix("e")
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    return frozenset([verb, third, soft + "ing", soft + "ed", *_IRREGULAR.get(verb, "").split()])


VERBS = frozenset(verb for verbs in _VERBS.values() for verb in verbs.split())  # in the form without ending
ACT_OF = {form: act for act, verbs in _VERBS.items() for verb in verbs.split() for form in forms(verb)}
ACT_OF["asleep"] = "lying"
GENERAL = tuple(dict.fromkeys([*(act for act in ACT_OF.values() if act != "catching"), "shod"]))  # acts


def act_between(between: Sequence[str], after: Sequence[str], label: str) -> str:
    """The act that words between two figures say, or "catching", or "".

    Args:
        between: The words from the end of the first figure to the beginning of the second.
        after: The words behind the second one.
        label: Of the second.
    """
    if any(list(between[place : place + 2]) in _AWAY for place in range(len(between))):
        return "stealing"
    if "back" not in between and {"carrying", "carries", "carried", "carry"} & {*between} and _on_body(after):
        return "lifting"
    for place, word in enumerate(between):
        act = ACT_OF.get(word, "")
        if not act:
            continue
        rest = between[place + 1 :]
        if "by" in rest[:1] or (act in _NEEDS and not any(one in _NEEDS[act] for one in rest)):
            return act if "by" in rest[:1] else ""
        if any(one in _UNLIKE.get(act, ()) for one in rest[:1]):
            return ""
        if act == "eating" and rest[:1] == ["from"]:
            return "biting"  # with its mouth at it: "a horse drinks from a fountain"
        if act == "lying" and label not in BEDS:
            return ""
        if act == "fighting" and rest[:1] == ["with"] and label in WEAPONS:
            return ""  # which is in the hand
        return act
    return ""


def act_of_two(words: Sequence[str]) -> str:
    """What two of a kind do with each other, an act; or ""."""
    acts = (ACT_OF.get(word, "") for word in words)
    return next((act for act in acts if act in MUTUAL), "")


def _on_body(after: Sequence[str]) -> bool:
    """Whether words say that it is on somebody's head or back."""
    said = after[1:] if after[1:2] == ["on"] else after  # behind a name of two words: "a little girl"
    return list(said[:1]) == ["on"] and any(word in _BODY for word in said[1:3])
