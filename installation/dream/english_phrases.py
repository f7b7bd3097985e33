"""Phrases of a text that is put into English: nouns with all that belongs to them, verbs, and sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from installation.dream.english_forms import TIMES, located, participle, plural_of, third_person
from installation.models.figure_traits import trait
from installation.text.glossary import ADVERB, VERB, WORD

SUBJECT, OBJECT, TOPIC, LOCATED, OF = "subject", "object", "topic", "in or on", "of"
NP, DOING, OTHER = "np", "doing", "other"
BE, THAT, AND, THERE, TIME = "is", "that", "and", "there is", "time"
BARE = ("", SUBJECT, OBJECT)  # roles without a preposition
AT_REST = frozenset(  # verbs that need no object: what follows is their subject
    [
        *(
            "sleep",
            "run",
            "fall",
            "stand",
            "fly",
            "swim",
            "shine",
            "sit",
            "lie",
            "sing",
            "dance",
            "jump",
            "cry",
            "grow",
        ),
        *(
            "bloom",
            "howl",
            "live",
            "be",
            "hang",
            "float",
            "laugh",
            "glow",
            "go",
            "come",
            "walk",
            "play",
            "rise",
            "burn",
        ),
        *("work", "bark", "stroll", "wait", "smile", "kneel", "lean", "crawl", "sail", "drift", "rest", "fight"),
        *("bathe", "sink", "shiver", "rest", "reflect", "set", "swing", "melt", "ring", "howl"),
    ]
)
OF_ONESELF = ("miss", "love")  # what one says of oneself, unless of somebody
_ONE = ("one", "a")
_A_BEFORE_VOWEL = ("a a", "a e", "a i", "a o")
_DRESS = "coat"  # what somebody wears who is "in red"
CLOTHES = (_DRESS, "dress", "hat", "shoes", "kimono", "shirt", "sweater", "jacket", "skirt", "raincoat")
_RIDDEN = ("bicycle", "bike", "motorbike", "scooter", "horse", "camel", "donkey", "elephant", "sled")
_FLOWN = (
    "broom",
    "carpet",
    "flying carpet",
    "dragon",
    "unicorn",
    "phoenix",
    "eagle",
    "goose",
    "bird",
    "stork",
    "cloud",
)
_FALLING = ("rain", "snow")  # what one is in, where other languages say "under"
_STOOD_AT = ("window", "door", "table", "gate", "well", "bridge", "fire", "fireplace", "house")
_FAMILY = """
girl father grandmother grandfather grandson granddaughter grandchild son daughter sister brother aunt uncle neighbour
lovers twins watchmaker tailor seamstress grandparents"""
PEOPLE = frozenset([*_FAMILY.split(), *trait("people")])
_FURTHER = """
man woman boy girl child deer fish horse cow sheep camel whale dolphin dinosaur rhino hippo zebra giraffe seal shark
crab swan hen rooster hedgehog badger otter bull moose kitten puppy reindeer ostrich flamingo peacock
sparrow lamb duckling bat crane chick"""
ACTORS = frozenset([*_FURTHER.split(), *PEOPLE, *trait("holders"), *trait("led"), *trait("mounts")])  # who do something
_LADIES = ("lady", "gentleman", "couple", "people", "friend", "mother", "old woman", "old man")
GIVEN = ("give", "read", "show", "bring", "tell", "sell", "write", "throw")  # what is done to somebody with a thing
_GAMES = ("football", "ball", "cards", "chess", "guitar", "piano", "violin", "flute")
_TOWARDS = {  # verbs, and the prepositions of other languages with what is their object
    "wait for": ("on", "of", "to", "for"),
    "look for": ("of", "to", "for"),
    "watch": ("on", "at", "to", "towards", LOCATED),
    "feed": ("to",),
    "chase": ("behind",),
    "hug": ("to", "with"),
    "play": (OF,),
    "ride": ("on", "with", LOCATED),
}
_INSTEAD = {
    ("fly", "on"): "over",
    **{(verb, "above"): "over" for verb in ("fly", "jump", "run", "walk")},
    **{("climb", role): "up" for role in ("in", "on", "to", "at")},
    **{("bark", role): "at" for role in ("on", "behind", "against", "to")},
    ("fight", "around"): "for",
    ("fight", "through"): "for",
    ("lean", "at"): "against",
    ("lean", "on"): "against",
    ("lean", LOCATED): "against",
}


_SAID_TO = ("read", "tell", "sing", "write", "show", "teach", "speak", "talk")
_SHORES = ("shore", "coast", "beach", "seaside")
_WATERS = ("lake", "river", "pond", "stream", "canal")
_FLEEING = ("ball", "butterfly", "dragonfly", "bird", "kite", "hat", "balloon", "train", "bus")
_STOLEN = ("fish", "bread", "cheese", "apple", "sausage", "egg", "key", "ring")  # what nobody plays
_SAME_IN_PLURAL = ("sheep", "deer")
_SEATED = ("play", "carve", "smoke", "knit", "sew", "peel", "repair", "sing", "eat")  # acts upon seats
_SEATS = ("bench", "chair", "armchair", "sofa", "rocking chair", "stairs", "stool")
_MANY_THINGS = re.compile(r"sheep|people|.*[^su]s")  # nouns that are plurals
_AFTER = {"run": "chase", "walk": "follow"}  # verbs, and what they are of whom somebody is behind
_MENDED = ("bicycle", "bike", "car", "boat", "roof", "fence", "net", "clock", "chair", "wheel", "machine", "tractor")
_CROSSING = (
    "drive",
    "ride",
    "ride the bicycle",
    "walk",
    "walk across",
    "run",
    "go",
    "pass",
    "cross",
    "stand",
    "travel",
)
_AT_WATER = "at the edge of"
_OVER = (*BARE, "over", "across", "above", "through", "from", "in", "to")  # what other languages cross a bridge by
_RISING = ("climb", "walk", "fly", "go", "go down", "take out", "come", "rise", "blow")  # what smoke does
_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "many", "a few")
_ABOVE_CHIMNEYS = ("smoke", "roof", "stork")  # beside which the word for a hearth means a chimney
_ON_CLIFFS = ("lighthouse", "castle", "monastery")  # below which a rock is a cliff
_THROWN = ("paper plane", "snowball", "stone", "stick", "net", "bread")  # which nobody plays
_ANGLERS = frozenset(["man", "woman", "boy", "girl", "child", *PEOPLE])  # who fish where animals catch one
_BUILT = ("snowman", "sandcastle", "nest", "house", "castle", "tower", "kite", "paper plane", "doll", "hut")
_ALSO_NOUNS = ("fish", "plant", "paint", "water", "iron", "comb", "cook", "draw", "photograph", "saw", "repair", "rake")
_BAKED = ("bread", "cake", "pie", "cookie", "bread roll", "gingerbread man")
_SHINING = ("sun", "moon", "full moon")  # which Hungarian says to bake
_HOWLERS = ("wolf", "coyote")
_WORN_OR_GROWN = (
    "head",
    "beard",
    "moustache",
    "hair",
    "eyes",
    "wings",
    "tail",
    "mane",
    "nose",
    "ears",
    "horns",
    "glasses",
)
_LEAPT = ("fence", "wall", "puddle", "stream", "gate", "bench", "ditch", "hedge", "stone", "log", "rope", "fire")
_WAITED_AT = ("station", "train station", "bus stop", "corner", "street", "city street", "bridge", "platform", "window")


class Token(NamedTuple):
    """A word in English, of a kind of `text.glossary`; `groups` are those of the classes that it names.

    `apart`: of a noun that does not own the noun just before it.
    """

    kind: str
    text: str
    plural: bool = False
    attributive: bool = False
    person: int = 3
    groups: frozenset[str] = frozenset()
    apart: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words that stay together.

    Attributes:
        kind: NP, DOING or OTHER.
        words: In English.
        role: A preposition, SUBJECT, OBJECT or "".
        head: The noun without its number.
        person: 1 if "I" is the subject of a verb.
        plural: Whether it is more than one.
        groups: Of the classes that the noun names.
        suffix: What follows the noun: "sleeping under the tree".
    """

    kind: str
    words: str
    role: str = ""
    head: str = ""
    person: int = 3
    groups: frozenset[str] = frozenset()
    suffix: str = ""


class NounParts:
    """What is said before a noun, collected until it comes."""

    def __init__(self) -> None:
        self.article, self.number, self.adjectives, self.suffix = "", "", list[str](), ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said before the noun."""
        return not (self.article or self.number or self.adjectives)

    def phrase(self, token: Token, role: str = "") -> Phrase:
        """The phrase of a noun that comes now."""
        many = bool(self.number) and self.number not in _ONE
        plural = many or token.plural
        noun = plural_of(token.text) if plural else token.text
        bare = token.text in TIMES or token.text[:1].isupper()
        if token.plural and token.text in _SAME_IN_PLURAL:
            self.number = self.number or "three"
        first = self.number or self.article or ("" if bare else "the")
        words = " ".join([*([first] if first else []), *self.adjectives, noun])
        words = _with_article(words)
        suffix, self.article, self.number, self.adjectives, self.suffix = self.suffix, "", "", [], ""
        if role == LOCATED and token.text in _WORN_OR_GROWN:
            role = "with"
        elif role == LOCATED:
            role = "to" if token.text in PEOPLE else located(token.text)
        return Phrase(NP, words, role, token.text, groups=token.groups, suffix=suffix)

    def left_over(self, found: Sequence[Phrase], role: str = "") -> list[Phrase]:
        """Adjectives that no noun follows, if they are said of something: "the sky is blue", "a woman in red"."""
        left, self.adjectives = self.adjectives, []
        self.article = self.number = ""
        if left == ["old"] and role in (OF, "to", "with", "for", "at"):
            return [Phrase(NP, "the old man", role, "old man")]
        is_said = not found or found[-1].kind in (DOING, NP)
        if role == _AT_WATER:
            return [Phrase(OTHER, "on the shore", role=TIME)]
        if left and role in (OF, "in", LOCATED) and found and found[-1].head in (*ACTORS, *_LADIES):
            return [Phrase(NP, f"a {' '.join(left)} {_DRESS}", "in", _DRESS)]
        return [Phrase(OTHER, " ".join(left))] if left and is_said else []


def other(token: Token) -> Phrase:
    """The phrase of a word that belongs to no noun."""
    if token.kind == VERB:
        return Phrase(DOING, token.text, person=token.person)
    if token.kind == WORD and token.text in (BE, THERE):
        return Phrase(DOING, token.text)
    if token.kind == ADVERB:
        return Phrase(OTHER, token.text, role="time")
    return Phrase(OTHER, token.text)


def with_adjective(phrase: Phrase, adjective: str) -> Phrase:
    """The phrase of a noun with one more adjective."""
    *before, last = phrase.words.split(" ")
    size = len(phrase.head.split(" "))
    words = [*before, last]
    return replace(phrase, words=_with_article(" ".join([*words[:-size], adjective, *words[-size:]])))


def _with_article(words: str) -> str:
    """The words of a noun with "an" before a vowel."""
    return f"an{words[1:]}" if words.startswith(_A_BEFORE_VOWEL) else words


def numbered(phrase: Phrase, number: str) -> Phrase:
    """The phrase of a noun with its number."""
    words = phrase.words.removeprefix("the ")
    noun = phrase.head if number in _ONE else plural_of(phrase.head)
    return replace(phrase, words=f"{number} {words.removesuffix(phrase.head)}{noun}")


def is_bare(phrase: Phrase) -> bool:
    """Whether it is a noun that no preposition says the place of."""
    return phrase.kind == NP and phrase.role in BARE


def is_pronoun(phrase: Phrase) -> bool:
    """Whether it is somebody who is not named."""
    return phrase.kind == OTHER and phrase.words in ("I", "we", "he", "she", "they", "someone")


def owned(noun: Phrase, owner: Phrase) -> Phrase:
    """The phrase of a noun that belongs to another, or is where that says: "rabbit in the forest"."""
    if owner.head in CLOTHES:
        suffix = f"in {plain(owner)}"
    elif owner.role not in BARE:
        suffix = f"{owner.role} {plain(owner)}"
    elif owner.groups & {"terrain", "sky", "weather"} or owner.head in TIMES:
        suffix = f"{located(owner.head)} {plain(owner)}"
    else:
        suffix = f"of {plain(owner)}"
    return replace(noun, suffix=f"{suffix} {noun.suffix}".strip())


def plain(phrase: Phrase) -> str:
    """The words of a phrase without its role."""
    return f"{phrase.words} {phrase.suffix}".strip()


def sentence(phrases: Sequence[Phrase]) -> str:
    """The words of phrases in their order, with verbs as their subjects need them."""
    words: list[str] = []
    said = ""  # the last verb
    is_plural = has_verb = several = False
    phrases = _as_english_says(phrases)
    for index, phrase in enumerate(phrases):
        before = phrases[index - 1] if index else None
        following = phrases[index + 1] if index + 1 < len(phrases) else None
        if phrase.kind == DOING:
            goes_on = has_verb and before is not None and before.kind != OTHER
            goes_on = goes_on and not (
                index > 1 and phrases[index - 2].words in (AND, "while") and is_bare(phrases[index - 1])
            )
            words += [AND] if goes_on else []
            also = has_verb and before is not None and before.words == AND
            several = several if goes_on or also else is_plural
            words.append(_conjugated(before, phrase, following, several))
            has_verb, said = True, phrase.words
        elif phrase.kind == NP and phrase.role not in (*BARE, TOPIC):
            is_given = (
                said in (*GIVEN, *_SAID_TO) and phrase.role in ("at", "in", "on", "for") and phrase.head in ACTORS
            )
            words.append(f"{'to' if is_given else _preposition(before, phrase, said)} {plain(phrase)}".strip())
        else:
            words.append(plain(phrase))
        if said == "fly" and is_bare(phrase):
            said = ""  # what flies is another
        if is_bare(phrase) or phrase.role == TOPIC:
            is_plural = not phrase.words.endswith(phrase.head) or phrase.words.split(" ")[0] in _COUNTED
            is_plural = is_plural or bool(_MANY_THINGS.fullmatch(phrase.head))
        is_plural = phrase.words in ("I", "we", "they") or (is_plural and phrase.kind != DOING)
    return " ".join(word for word in words if word)


def _as_english_says(phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases with verbs and prepositions that English joins otherwise: "run behind the ball", "jump the fence"."""
    found = list(phrases)
    heads = {each.head for each in found}
    for index, each in enumerate(found):
        if each.head == "fireplace" and not heads.isdisjoint(_ABOVE_CHIMNEYS):
            found[index] = replace(each, head="chimney", words=each.words.replace("fireplace", "chimney"))
        elif each.head in ("rock", "cliffs") and not heads.isdisjoint(_ON_CLIFFS):
            found[index] = replace(each, head="cliff", words=each.words.replace(each.head, "cliff"))
        elif each.role == _AT_WATER and each.head == "sea":
            found[index] = replace(each, role="at", head="seaside", words="the seaside")
    for index in range(1, len(found)):
        who, doing = found[index - 1 : index + 1]
        if doing.kind == DOING and who.head == "smoke" and doing.words in _RISING:
            found[index] = replace(doing, words="rise")
            found[index + 1 : index + 2] = [
                replace(each, role="from") if each.kind == NP and each.role in (OF, *BARE) else each
                for each in found[index + 1 : index + 2]
            ]
        elif doing.kind == DOING and who.head in ("ship", "boat", "sailboat") and doing.words in ("swim", "flow"):
            found[index] = replace(doing, words="sail")
        elif doing.kind == DOING and who.head in ACTORS and doing.words == "flow":
            found[index] = replace(doing, words="swim")
        elif doing.kind == DOING and who.head in _SHINING and doing.words == "bake":
            found[index] = replace(doing, words="shine")
        elif doing.kind == DOING and who.head in _HOWLERS and doing.words in ("cry", "bark", "sing"):
            found[index] = replace(doing, words="howl")
    for index in range(len(found) - 2):
        since, doing, who = found[index : index + 3]
        if since.words == "while" and doing.kind == DOING and doing.words in AT_REST and is_bare(who):
            found[index + 1 : index + 3] = [who, doing]
    for index in range(len(found) - 1):
        head, what = found[index : index + 2]
        if (head.role, head.head, what.role) == ("on", "head", "with"):
            found[index : index + 2] = [what, head]
    for index in range(len(found) - 1):
        shore, water = found[index : index + 2]
        if shore.role and shore.head in _SHORES and water.role == OF and water.head in _WATERS:
            found[index : index + 2] = [Phrase(OTHER, ""), replace(water, role=_AT_WATER)]
    found = _seated(found)
    for index in range(len(found) - 1):
        doing, what = found[index : index + 2]
        if doing.kind != DOING or what.kind != NP:
            continue
        chased = _chased(found[index:]) if doing.words in _AFTER else 0
        if chased:
            whom = replace(found.pop(index + chased), role=OBJECT)
            found[index : index + 1] = [replace(doing, words=_AFTER[doing.words]), whom]
        elif doing.words == "cook" and is_bare(what) and what.head in _MENDED:
            found[index] = replace(doing, words="repair")
        elif doing.words == "cook" and is_bare(what) and what.head in _BAKED:
            found[index] = replace(doing, words="bake")
        elif doing.words == "cook" and is_bare(what) and what.head in _BUILT:
            found[index] = replace(doing, words="build")
        elif doing.words in _CROSSING and what.role in _OVER and what.head == "bridge":
            found[index : index + 2] = [replace(doing, words="walk" if doing.words == "walk across" else doing.words)]
            found.insert(index + 1, replace(what, role="on"))
        elif doing.words == "watch" and is_bare(what) and _is_out_of_window(found[index + 2 : index + 3]):
            window = replace(found[index + 2], role="out of")
            found[index : index + 3] = [replace(doing, words="look"), window, replace(what, role="at")]
        elif doing.words == "play" and is_bare(what) and what.head in _STOLEN:
            found[index] = replace(doing, words="steal")
        elif doing.words == "sing" and is_bare(what) and what.head in ("book", "newspaper", "letter", "poem"):
            found[index] = replace(doing, words="read")
        elif doing.words == "fly" and is_bare(what) and "terrain" in what.groups:
            found[index + 1] = replace(what, role="over")
        elif doing.words == "take out" and is_bare(what) and _comes_from(found[index + 2 : index + 3]):
            found[index] = replace(doing, words="take")
            found[index + 2] = replace(found[index + 2], role="out of")
        elif doing.words == "play" and is_bare(what) and what.head in _THROWN:
            found[index] = replace(doing, words="throw")
        elif doing.words == "catch" and is_bare(what) and what.head == "fish" and not heads.isdisjoint(_ANGLERS):
            found[index : index + 2] = [replace(doing, words="fish"), Phrase(OTHER, "")]
        elif doing.words == "hold" and not is_bare(what) and what.role not in ("with", OF):
            found[index] = replace(doing, words="stand")
        elif doing.words == "jump" and is_bare(what) and what.head == "rope":
            found[index : index + 2] = [replace(doing, words="skip rope"), Phrase(OTHER, "")]
        elif doing.words == "drink" and is_bare(what) and what.head == "water" and _comes_from(found[index + 2 :]):
            found[index + 1 : index + 3] = [replace(found[index + 2], role="from"), Phrase(OTHER, "")]  # no water
        elif doing.words == "jump" and what.role in (*BARE, "through", "across", "on") and what.head.endswith(_LEAPT):
            found[index + 1] = replace(what, role="over")
        elif doing.words == "wait for" and what.role and what.head in _WAITED_AT:
            found[index : index + 2] = [replace(doing, words="wait"), replace(what, role="at")]
    return found


def _comes_from(phrases: Sequence[Phrase]) -> bool:
    """Whether the next phrase is what something is taken out of."""
    return any(each.kind == NP and each.role in ("from", OF, "in") for each in phrases)


def _seated(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with "sit" for what somebody does on a seat: "play chess on the bench"."""
    doing = [index for index, each in enumerate(phrases) if each.kind == DOING]
    seats = [each for each in phrases if each.role in ("on", "in") and each.head in _SEATS]
    if len(doing) != 1 or len(seats) != 1 or phrases[doing[0]].words not in _SEATED:
        return phrases
    rest = [each for each in phrases if each is not seats[0]]
    verb = rest.index(phrases[doing[0]])
    sits = [replace(rest[verb], words="sit"), seats[0], Phrase(OTHER, AND)]
    return [*rest[:verb], *sits, *rest[verb:]]


def _is_out_of_window(phrases: Sequence[Phrase]) -> bool:
    """Whether the next phrase is the window through which somebody looks."""
    return any(each.head == "window" and each.role in ("from", OF, "through", "at", "out of") for each in phrases)


def _chased(phrases: Sequence[Phrase]) -> int:
    """How many phrases behind a verb the one is behind whom somebody runs; 0 if there is none."""
    for place, each in enumerate(phrases[1:], start=1):
        if each.kind != NP:
            return 0
        if each.role == "behind" and each.head in (*_FLEEING, *ACTORS):
            return place
    return 0


def _conjugated(before: Phrase | None, doing: Phrase, following: Phrase | None, is_plural: bool) -> str:
    """The verb between two phrases; "with" of what somebody has, and "" of what there is."""
    if doing.words == THERE:
        has = before is not None and is_bare(before) and following is not None and is_bare(following)
        return "with" if has else ""
    if doing.words == "drive" and following is not None and following.head in _RIDDEN:
        doing = replace(doing, words="ride")
    is_plural_watch = doing.words == "watch" and is_plural and not _is_without_object(doing, following)
    flies = doing.words == "fly" and is_plural and (following is None or following.kind != NP)
    if flies or doing.words in _ALSO_NOUNS or is_plural_watch:
        return f"{'are' if is_plural else 'is'} {participle(doing.words)}"
    if doing.words == "watch" and _is_without_object(doing, following):
        doing = replace(doing, words="look")
    verb = doing.words.removesuffix(" for") if _is_without_object(doing, following) else doing.words
    return verb if is_plural or verb == BE else third_person(verb)


def _preposition(before: Phrase | None, phrase: Phrase, said: str) -> str:
    """The preposition of a phrase, as the verb just before it, or the last one that was said, needs it."""
    verb = before.words if before is not None and before.kind == DOING else ""
    acts = verb not in ("", BE, THERE) and verb.split(" ")[0] not in AT_REST
    of_somebody = phrase.role == "at" and acts and phrase.head not in _STOOD_AT and "subject" in phrase.groups
    of_game = verb == "play" and phrase.role in ("in", "on", "at", "to") and phrase.head in _GAMES
    of_fed = verb == "feed" and phrase.role in ("in", "at", LOCATED) and phrase.head in ACTORS
    if of_somebody or of_game or of_fed or phrase.role in _TOWARDS.get(verb, ()):
        return ""
    if phrase.role == "under" and phrase.head in _FALLING:
        return "in"
    if said == "fly" and phrase.head in _FLOWN and phrase.role in ("on", "with", "in"):
        return "on"
    if said == "fly" and phrase.role == "on":
        return "over"
    if (verb, phrase.role) == ("howl", "on") and phrase.head in ("moon", "full moon"):
        return "at"
    return placed(verb, phrase.role)


def placed(verb: str, role: str) -> str:
    """The preposition that English has after a verb for that of another language: what flies is over a roof."""
    return _INSTEAD.get((verb, role), role)


def is_object_of(verb: str, phrase: Phrase) -> bool:
    """Whether a noun with a preposition is the object of a verb: "feed to the swan"."""
    return phrase.kind == NP and phrase.role in _TOWARDS.get(verb, ())


def _is_without_object(doing: Phrase, following: Phrase | None) -> bool:
    """Whether nothing follows that is waited for or looked for."""
    if following is None or following.kind != NP:
        return True
    return following.role not in (*BARE, TOPIC, *_TOWARDS.get(doing.words, ()))
