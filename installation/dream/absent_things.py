"""English texts without what they say is not there.

1. What was, or will be, before what is now: "once there were wolves here, now a boy walks his dog" is a boy and a dog.
2. What is yet to come: "before the bees have woken", "tomorrow come the men". Before the sun is up it is dawn.
3. What has gone: "though the children went in an hour ago", "where the dancers danced", "the ships that are not there".
4. What nobody does and what nothing is: "nobody dares to lower a bucket", "not one fish among them".
5. What something is only like: "as though he were putting children to bed", "as smoke goes up" behind "goes up",
   "the way a cat loves", "the shape of his shoulders". A colour that is told so is one.

A text of which nothing would be left stays as it is.
"""

from __future__ import annotations

import re

from installation.text.rewriting import rules_of

LEAST_WORDS = 2  # that are left of a text
_REST = r"[^,.;:!?\u2026]*"
_DET = r"(?:the|an?|any|my|our|his|her|their|its|your)"
_NOUN = rf"(?:{_DET} )(?:[\w'-]+ ){{0,2}}?[\w'-]+"
_CLAUSE = r"(?:^|[,;:] ?|(?<=[.!?\u2026]) )(?:and |but )?"  # where a clause begins
_COMES = r"(?:comes?|came|arrives?|arrived|returns?|returned|wakes?|woke|wakens?|opens?|opened|begins?|starts?|breaks?)"
_IS = r"(?:is|are|was|were|have|has|had|can|could|falls?|fell|goes|leaves?|left|lands?|rises?|rose)"
_SUN = r"(?:the|any) (?:sun|day|light|dawn|morning|world) "
_AWAY = (
    r"(?:in|inside|indoors|home|away|off|south|north|ashore|elsewhere|to (?:bed|sea|war|town|school|sleep)|"
    r"for (?:good|ever))"
)
_LEFT = r"(?:gone|left|flown|sailed|moved|run|went|flew|ran|sailed)"
_STOOD = (
    "danced|stood|sat|lay|slept|hung|played|lived|was|were|grew|burned|sang|worked|prayed|kissed|fell|ran|kept|had been"
)
_PAST = (
    r"once(?! more| again| upon)|used to|shall|will|i'll|we'll|long ago|years ago|in those days|"
    r"when i (?:am|was|grow)|there (?:was|were)"
)
_NOW = re.compile(
    rf"^(?=.*\b(?:{_PAST})\b).*?[,.;:!?\u2026 ] ?(?:and |but )?(?:now|today)\b,? (?=(?:[\w'-]+ ){{2}})(.+)$", re.I
)
_PRESENT = re.compile(r"\b(?:is|are|has|have|still|now|only|\w{2,}[^s'\W]s)\b", re.IGNORECASE)
_WHERE = re.compile(rf",? ?\bwhere {_NOUN} (?:once |used to |had )?(?:{_STOOD})\b{_REST}", re.IGNORECASE)
_RULES = (
    # what is yet to come
    (rf",? ?\b(?:long |just |even )?before {_SUN}{_REST}", " at dawn"),
    (rf",? ?\bbefore (?:the )?(?:night|dark|darkness|evening) (?:{_COMES}|{_IS}){_REST}", " in the evening"),
    (rf",? ?\bbefore (?:the|any) (?:thunder)?storm (?:{_COMES}|{_IS}){_REST}", " under dark clouds"),
    (rf",? ?\b(?:long |just |even )?before {_DET} (?:[\w'-]+ ){{1,3}}?(?:{_COMES}|{_IS})\b{_REST}", ""),
    (
        rf"{_CLAUSE}(?:tomorrow|next (?:week|year|spring|summer|autumn|winter)),? "
        rf"(?:(?:the|an?|they|he|she|we|it|there|{_COMES}|will)\b){_REST}",
        "",
    ),
    (
        rf"{_CLAUSE}(?:(?:soon|one day|some ?day) )?(?:{_NOUN}|they|he|she|we|you) (?:will|shall)"
        rf"(?: soon| never| not| all)* (?:come|return|arrive|be here|be back)\b{_REST}",
        "",
    ),
    # what has gone
    (
        rf"(?:\b(?:over|for|to|of|at|with|from|by) )?(?:{_DET} (?:[\w'-]+ )?)?[\w'-]+ (?:that|who|which) "
        r"(?:(?:is|are|was|were) (?:not|no longer)|isn't|aren't|wasn't|weren't) (?:there|here|coming)\b",
        "",
    ),
    (
        rf",? ?\b(?:though|although|since|after|because|now that) {_NOUN} (?:(?:have|has|had) )?"
        rf"(?:all |long |already |just )*{_LEFT} {_AWAY}\b{_REST}",
        "",
    ),
    (rf"{_CLAUSE}{_NOUN} (?:have|has|had) (?:all |long |already |just |now )*{_LEFT} {_AWAY}\b{_REST}", ""),
    (
        rf"{_CLAUSE}{_NOUN} (?:has|have|had) (?:just |already |long )?"
        r"(?:left|sailed|departed|flown)(?=$|[,.;:!?\u2026])",
        "",
    ),
    (
        rf"\b(tide|sea|river|flood|storm|fire|winter|frost|war|waves?) (?:has |have |had )?(?:took|taken|carried off|"
        rf"washed away|swept away|swallowed|stole|stolen|drowned) {_NOUN}"
        rf"(?: (?:that |which )?(?:{_DET} \w+|i|we|you|they|he|she) (?:made|built|planted|left|drew|wrote))?(?: away)?",
        r"\1",
    ),
    (
        rf",? ?\b(?:chas|dream|remember|hunt|miss|seek|recall)\w*(?: of| about)? {_NOUN} of {_DET} "
        r"(?:youth|childhood|boyhood|girlhood)\b",
        "",
    ),
    (
        rf",? ?\binstead of (?:{_DET} )?(?:[\w'-]+ )??[\w'-]+"
        r"(?=$|[,.;:!?\u2026]| (?:it|he|she|they|there|and|but|in|on|with|for|the|an?)\b)",
        "",
    ),
    (rf"{_CLAUSE}{_NOUN} (?:went|left|flew|ran|sailed) {_AWAY}\b{_REST} ago\b", ""),
    (rf"{_CLAUSE}there (?:was|were|stood|used to be) (?:once )?{_NOUN}(?: \w+)?? here\b{_REST}", ""),
    (
        r"\b(?:yesterday's|last (?:year|week|night|winter|summer)'s) [\w'-]+ (?:is|are) (?:now |only |just )*"
        rf"(?={_DET} )",
        "",
    ),
    (
        rf"{_CLAUSE}the (?:wind|sun|summer|winter|light|music|rain|warmth|frost) (?:has |have )?"
        rf"(?:gone|went|moved|left) (?:to|for) {_REST}",
        "",
    ),
    (
        rf", an? (?:\w+ )?[\w'-]+ (?:that|who|which) (?:has|have|had)"
        rf"(?: (?:forgotten|never)\b{_REST}| ?(?=$|[,.;:!?]))",
        "",
    ),
    # what nobody does, and what nothing is
    (
        rf"{_CLAUSE}no (?:\w+ )?[\w'-]+ (?:has|have|had|comes?|came|will|would|can|could|pass(?:es|ed)?|stops?|"
        rf"stopped|runs?|ran|ever|sings?|sang|barks?|barked|moves?|moved|rings?|rang)\b{_REST}",
        "",
    ),
    (
        rf"{_CLAUSE}(?:nobody|no one|no-one) (?:has|had|dares?|dared|comes?|came|knows?|knew|remembers?|remembered|"
        rf"wants?|wanted|asks?|asked|will|would|wears?|wore|is (?:left|there))\b{_REST}",
        "",
    ),
    (rf"(?:[,;:] ?|\s)(?:and |but )?not (?:one|a single|even (?:an?|one))\b(?!{_REST},? but\b){_REST}", ""),
    (rf"\b(?:is|are|was|were) not (?:the|an?|my) [\w'-]+(?!{_REST},? but\b)(?=$|[,.;:!?\u2026])", ""),
    (
        r"\b(?:older|younger|wiser|stronger|quieter|kinder) than (?:both |all )?(?:of )?(?:us|you|anyone|everyone)\b",
        "old",
    ),
    # what a season or a time of day is said to carry, and what something is only like
    (
        r"\b(the (?:\w+ )?(?:moon|night|evening|dusk|dawn|morning|autumn|winter|summer|spring)) "
        r"(?:holds|held|carries|carried|lifts|lifted|raises|raised|lends|sets down|hangs up) "
        r"(?:an?|the|its|her|his|up its|up her) (?:[\w'-]+ )??[\w'-]+(?=$|[,.;:!?\u2026]| (?:for|over|to|in|above)\b)",
        r"\1",
    ),
    (rf",? ?\bas (?:if|though)\b{_REST}", ""),
    (rf"(?<!all)(?<!\bon)(?<!\bby)(?<!\bin)(?<!along),? the way (?:an?|only)\b{_REST}", ""),
    (
        r",? ?(?:\b(?:keep|hold|remember)(?:s|ing)? |\bkept |\bheld |\btakes? |\btook )(?:still |only |on )?"
        r"the shape of (?:\w+ )?[\w'-]+",
        "",
    ),
    (
        rf"({_CLAUSE}{_NOUN}) (?:has|have|had) no (?:\w+ )?(?:house|home|roof|bed|door)\b"
        r"(?=$|[,.;:!?\u2026]| and| so| but)",
        r"\1",
    ),
    (r"(?:\b(?:takes?|took|taken|taking) )?\bthe [\w-]+'s place\b", ""),
)
_COLOURS = {
    "golden": "wheat|honey|sand|straw|corn|barley|butter|amber",
    "blue": "sea|sky|ocean",
    "red": "blood|wine|rust|fire|poppies|cherries",
    "green": "grass|moss",
    "white": "snow|milk|bone|bones|chalk",
    "grey": "ash|ashes|slate|smoke|rain|pewter",
    "black": "night|coal|tar|ink",
    "purple": "plums|bruises|heather",
}
_COLOUR = re.compile(
    r"\b([\w'-]+),?(?: (?:is|was|are|were|turned|turns))? (?:in )?the colou?rs? of "
    r"(?:(?:the|an?|old|dark|wet|dry|ripe|fresh|new) )*([\w'-]+)(?: (?:in|at) \w+)?",
    re.IGNORECASE,
)
_ORDERED = rules_of(_RULES)
_AS = re.compile(rf",? ?\bas (?:only )?({_DET} )?((?:[\w'-]+ ){{1,3}}?)([\w'-]+)\b{_REST}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_ENDINGS = ("ing", "es", "ed", "s", "d", "e")
_COMMON = frozenset(["is", "are", "was", "were", "has", "have", "had", "do", "does", "did"])


def without_absent(text: str) -> str:
    """An English text without what it says is not there, or the text itself if nothing else is said."""
    if found := _NOW.match(text):
        text = found[1]
    text = _without_likeness(_COLOUR.sub(_coloured, text))
    if _PRESENT.search(_WHERE.sub("", text)):
        text = _left(_WHERE.sub("", text), text)
    for pattern, plain in _ORDERED:
        text = _left(pattern.sub(plain, text), text)
    return text


def _left(shorter: str, text: str) -> str:
    """The shorter text, if enough is left of it."""
    shorter = " ".join(shorter.split()) if shorter != text else text
    return shorter.strip(" ,;:") if shorter != text and len(_WORD.findall(shorter)) >= LEAST_WORDS else text


def _coloured(found: re.Match[str]) -> str:
    thing, like = found[1], found[2].lower()
    colour = next((name for name, words in _COLOURS.items() if like in words.split("|")), "")
    return f"{colour} {thing}".strip()


def _without_likeness(text: str) -> str:
    """The text without a comparison to what does the same: "the road goes up as smoke goes up"."""
    for found in _AS.finditer(text):
        before = {_stem(word) for word in _WORD.findall(text[: found.start()].lower())}
        after = [word for word in _WORD.findall(found.group().lower())[2:6] if word not in _COMMON]
        if any(_stem(word) in before for word in after[1:] or after):
            return _left(text[: found.start()] + text[found.end() :], text)
    return text


def _stem(word: str) -> str:
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2), "")
    return word.removesuffix(ending)
