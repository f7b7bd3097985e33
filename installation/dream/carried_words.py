"""Words for people and animals that others carry, in one way: who carries is named first.

"A girl on her father's shoulders" is a father who carries a girl on his shoulders, "a cat on grandma's lap" a grandma
with a cat on the lap, and who rides piggyback is borne. The sister of a boy is a girl. A boat with two men has them
aboard.
"""

from __future__ import annotations

import re

from installation.text.rewriting import rules_of

_WHO = r"((?:^|\b(?:an?|the|my|our|his|her|their|its|one|two) )(?:[\w-]+ ){0,3}?[\w-]+)"
_RESTS = (
    r"(?:,? (?:(?:is|are|was|lies|fast|safely|happily) )?(?:sleeping|sleeps|slept|dozing|dozes|napping|curled(?: up)?|"
    r"curls up|purring|purrs|snoozing|sitting|sits|sat|perched|resting|rests|riding|rides|rode|lying|lies|lay|carried|"
    r"held|cradled|snuggled|nestled|cuddled|snuggling|nestling|high|up))*"
)
_ASLEEP = re.compile(
    r"(^(?!(?:an?|the|my|our|his|her) )|\b(?:an?|the|my|our|his|her) )((?:[\w-]+ )??[\w-]+) (?:(?:is|was|lies|fast) )*"
    r"(?:asleep|sleeping|sleeps) (?=(?:on|in) [\w' -]+? "
    r"(?:laps?|chest|belly|arms|shoulders?|back)\b)",
    re.IGNORECASE,
)
_OWNER = r"((?:(?:an?|the|my|our|his|her|its|their) )?(?:[\w-]+ ){0,2}?[\w-]+?)'s?"
_OF = r"((?:an?|the|my|our|his|her|its|their) (?:(?:old|little|big|young|older|elder|tall|tired|kind|wounded) )*[\w-]+)"
_PERSON = (
    r"(?:child|boy|girl|kid|toddler|baby|son|daughter|sister|brother|grandson|granddaughter|niece|nephew|princess|"
    r"little one|twin|infant|friend|bride|grandmother|grandfather|mother|father|man|woman|soldier|comrade|old man)"
)
_KIN = (
    r"(?:dad|daddy|papa|father|mum|mom|mummy|mommy|mama|mother|brother|sister|grandpa|grandfather|grandad|granddad|"
    r"grandma|grandmother|granny|uncle|aunt|man|woman|boy|girl|friend|soldier|giant|porter|pilgrim)"
)
_ON = r"(?:on|in|upon|across|against|into|on top of) "
_LAP = r"(?:own )?(?:laps?|knees?|chest|belly|tummy|breast)"
_ITS = r"(?:his|her|their|the|its|my|our) "
_RULES: tuple[tuple[str, str], ...] = (
    (rf"{_WHO}{_RESTS} {_ON}{_OWNER} {_LAP}\b", r"\2 with \1 on the lap"),
    (rf"{_WHO}{_RESTS} {_ON}the {_LAP} of {_OF}\b", r"\2 with \1 on the lap"),
    (rf"{_WHO}{_RESTS} in {_OWNER} arms\b", r"\2 holding \1"),
    (rf"{_WHO}{_RESTS} in the arms of {_OF}\b", r"\2 holding \1"),
    (
        rf"((?:^|\b(?:an?|the|my|our|his|her) )(?:[\w-]+ ){{0,2}}?{_PERSON}){_RESTS} (?:on|upon) {_OWNER} shoulders\b",
        r"\2 carrying \1 on his shoulders",
    ),
    (
        rf"((?:^|\b(?:an?|the|my|our|his|her) )(?:[\w-]+ ){{0,2}}?{_PERSON}){_RESTS} (?:on|upon) "
        rf"((?:(?:an?|the|my|our|his|her|its|their) )?(?:[\w-]+ ){{0,2}}?{_KIN})'s? back\b",
        r"\2 bearing \1",
    ),
    (rf"{_WHO}{_RESTS} piggy-?back on {_OF}\b", r"\2 bearing \1"),
    (
        rf"\b(?:carrying|carries|carried|giving|gives|gave) ((?:{_ITS}|an? )(?:[\w-]+ ){{0,2}}?[\w-]+) "
        r"(?:an? )?(?:piggy-?back(?: ride)?|pick-?a-?back)\b",
        r"bearing \1",
    ),
    (
        rf"\b(?:carrying|carries|carried) ((?:{_ITS}|an? )(?:[\w-]+ ){{0,3}}?{_PERSON})((?: [\w-]+){{0,5}}?) "
        rf"(?:piggy-?back )?on {_ITS}back\b",
        r"bearing \1\2",
    ),
    (rf"{_WHO}{_RESTS} {_ON}my {_LAP}\b", r"a man with \1 on the lap"),
    (
        rf"\b(?:with|has|having|holding|holds) ({_ITS}|an? )((?:[\w-]+ ){{1,3}})on {_ITS}{_LAP}\b",
        r"with \1\2on the lap",
    ),
)
_ORDERED = rules_of(_RULES)
_SIBLING = re.compile(
    r"\b(boys?|girls?|child|kids?|toddler)\b([^.;!?]{0,50}?)\b(his|her|its|their) (?:(?:little|younger|small|baby|twin|"
    r"kid|older|big|elder) )*(sister|brother)\b(?!s| in)",
    re.IGNORECASE,
)
_YOUNG = {"sister": "girl", "brother": "boy"}
_PLAIN = {"son": "boy", "grandson": "boy", "nephew": "boy", "friend": "man", "comrade": "man"}  # who is carried
_OWN = re.compile(r"^(?:its|their|his|her) ", re.IGNORECASE)
_KINSHIP = re.compile(rf"\b(?:{'|'.join(_PLAIN)})\b", re.IGNORECASE)
_ABOARD = re.compile(
    r"^((?:an?|the|my|our|his|her) (?:[\w-]+ ){0,3}?(?:boat|canoe|raft|dinghy|gondola|bus|tram|sleigh|sledge|cart|"
    r"wagon|carriage|van|truck|car|taxi|rocket|spaceship|balloon)) (?:with|carrying|holding|full of) "
    r"((?>(?:an?|the|my|our|his|her|two|three|four|five|six|many|some|and) |"
    r"(?:[\w-]+ ){0,2}?(?:men|man|women|woman|boys?|girls?|child|children|kids?|people|passengers?|dogs?|cats?|bears?|"
    r"sheep|goats?|monkeys?|pirates?|sailors?|family|couple|lovers|friends|brothers|sisters|fisherm[ae]n|babies|baby|"
    r"tourists|animals)(?: |$))++)$",
    re.IGNORECASE,
)
_SAID = re.compile(r"back|lap|knee|chest|arms|shoulders|belly|tummy|breast|sister|brother", re.IGNORECASE)


def carriers_named(text: str) -> str:
    """An English text in which who carries somebody, or has somebody on the lap, is named before that one."""
    if found := _ABOARD.match(text):
        return f"{found[2]} in {found[1]}"
    if not _SAID.search(text):
        return text
    text = _SIBLING.sub(lambda found: f"{found[1]}{found[2]}{found[3]} {_YOUNG[found[4].lower()]}", text)
    text = _ASLEEP.sub(r"\1sleeping \2 ", text)
    for pattern, meaning in _ORDERED:
        if found := pattern.search(text):
            said = _OWN.sub("the ", found.expand(meaning))
            said = _KINSHIP.sub(lambda kin: _PLAIN[kin[0].lower()], said)
            return f"{text[: found.start()]}{said}{text[found.end() :]}"
    return text
