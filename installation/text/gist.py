"""What a typed or spoken text asks to be shown: the rules for talk around a wish.

1. Fillers mean nothing: "a red balloon, you know, over a city". But "do you know the land" asks.
2. The last wish counts: "a fox, no, a wolf". But "the king is actually a frog" is one wish.
3. Frames go: "can you show me a tiger". But "the people want to see the king" is about people.
4. What is not wanted gets a negative weight: "a harbour without boats". But "without end" and "no man is an island"
   deny nothing that could be seen.
5. A clause without a word that names something is chatter: "that's beautiful", "can you hear me". But "I love you" is
   none, and a word alone may be a poem: "nothing". So is a clause about the place or the machine: "where can I park",
   up to where the speaker begins again: "is it on, okay so maybe a pirate".
   But a question about a thing is a wish for it: "do you know pizza".
6. Languages without rules of their own only deny: "een straat zonder auto's" (see `negation`).

The rules work on one clause at a time, know few words (see `talk`), and leave alone what they do not know. Prompts that
use the syntax for weights, and the show's own texts, are never changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from installation.core.prompt_text import PromptPart, parse_prompt
from installation.text.corrections import without_slips
from installation.text.language import ENGLISH, spoken_languages
from installation.text.negation import without_denied
from installation.text.talk import Talk, talk_of
from installation.text.verse_lines import in_one_line

NEGATIVE_WEIGHT = -1
_CLAUSE = re.compile(r"[^,.;!?\u2026]+[,.;!?\u2026]*\s*")
_NAME_ENDS = (
    "in on at over under by with and or but that which who is are was were near behind this now then today "
    "again please here there anywhere left anymore i im am auf unter mit und oder "
    "aber dans sur sous avec et ou mais en con y pero su con e ma nel nella sul"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+")
_ONE = re.compile(r"^(\W*(?:a|an|the)\s+(?:\w+\s+)?)one\b", re.IGNORECASE)
_ANY_ONE = re.compile(r"\b(?:a|an|the)\s+(?:\w+\s+)?one\b", re.IGNORECASE)
_THING = re.compile(  # English nouns that are talk elsewhere, and in other languages
    r"\ban? (?:\w+ )?(?:dove|well|watch|saw|microphone|can)(?=[.,;!?]|\s*$| (?:in|on|at|with|under|by|near)\b)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(to|in|on|at|with|from|over|under|into|behind)\b", re.IGNORECASE)  # begins a corrected place
_STAMMER = re.compile(r"\b(\w[\w']*(?:\s+\w[\w']*){0,2})(?:,?\s+\1\b)+", re.IGNORECASE)
_YOUNG = re.compile(
    r"\b(\w+)s? and (?:and )?(?:the |its |her |his |their )?(little|small|young|baby|tiny) ones\b", re.IGNORECASE
)
_SAID_AFTER = re.compile(  # "a mouse, you know, a little one", but not a correction
    r"\b(an?|the|one|some) ([a-z]+),? (?:you know,? |but )?an? ((?:really |very )?[a-z]+(?: [a-z]+)?) one\b(?!,? no)",
    re.IGNORECASE,
)
_BUT_AFTER = re.compile(r"\b(an?|the) ([a-z]+),? but ((?:really |very )?[a-z]+)(?=[,.;!?]|\s*$)", re.IGNORECASE)
_ARTICLE = re.compile(r"\ban (?=[bcdfghjklmnpqrstvwyz])")
_COLOURS = "red|blue|green|yellow|white|black|pink|purple|orange|brown|golden|silver|grey"
_COLOURED_AFTER = re.compile(  # "balloons, red and blue, over the city"
    rf"\b([a-z]+s),? ((?:{_COLOURS})(?:(?:, | and |, and )(?:{_COLOURS}))+)(?=[,.;!?]|\s*$)", re.IGNORECASE
)
_RENAMED = re.compile(  # "with a princess in the tower, no wait, not a princess, a pirate"
    r"^(.*)\b(?:an?|the) ([\w-]+)\b(.*?)[,.]? (?:no|oh|wait|sorry|actually|well|rather)\b[\w ,]*?"
    r"\bnot (?:an?|the) \2,? ((?:an?|the) .+)$",
    re.IGNORECASE,
)
_SEVERAL_RENAMED = re.compile(  # "feeding the ducks, well not ducks, swans, by the lake"
    r"\b([a-z-]+s)\b([^.;!?]*?)[,.]? (?:(?:no|oh|wait|sorry|actually|well|or|rather)[, ]+)+"
    r"not (?:the )?\1,? (?:but )?([a-z-]+s)(?=[,.;!?]|$| (?:in|on|at|by|under|with)\b)",
    re.IGNORECASE,
)
_TOLD_MORE = re.compile(  # "a door in it, a little red door"
    r"\ban? ([\w-]+)\b((?:(?!\bnot?\b|\bactually\b|\bwait\b)[^.;!?])*?), "
    r"(an? (?:(?:really|very) )?(?:[\w-]+ ){1,3})\1\b(?=[,.;!?]|$)",
    re.IGNORECASE,
)
_MORE_OF_A = re.compile(  # "a lighthouse, well it's more of a windmill actually"
    r"\b(?:an?|the) [\w-]+,? (?:(?:well|or|but|actually),? )*(?:(?:it|that)(?:'s| is) )?(?:really |actually )?"
    r"(?:more of|more like|rather) (an? [\w-]+)(?:,? (?:actually|really|I guess))?",
    re.IGNORECASE,
)
_ALSO = re.compile(r"((?:an?|the|some|two|three)\b[^,.;!?]*?),? (?:too|also|as well)\b", re.IGNORECASE)
_LAST_OF = re.compile(  # before the last thing: "a penguin on a bicycle"
    r"^(.*\b(?:in|on|with|under|by|to|over|of|riding|holding|wearing|eating|playing) )"
    r"(?:an?|the|some) (?:[\w-]+ ){0,2}[\w-]+\W*$",
    re.IGNORECASE,
)
_THING_AGAIN = re.compile(
    r"((?:an?|the|some|two|three|four) (?:[\w-]+ ){1,3}?)([\w-]+)(?=[,.;!?]|$| (?:in|on|at|by|under|with|and|over)\b)",
    re.I,
)
_ASKED = re.compile(r"\?(?= [a-z])")  # inside a wish: "a mermaid? sitting on a rock?"
_AT_LAST = re.compile(r"\b(okay|ok|alright|right|i know)\s*:\s+(?=\w)", re.IGNORECASE)  # "okay: a castle"
_CALLED = re.compile(r"[A-Z]\w+\?\s*")  # "Tom?"
_MAX_NAME_WORDS = 4  # of what is not wanted


@dataclass(frozen=True)
class Gist:
    """What a text asks for.

    Attributes:
        wanted: What is to be seen, in the words of the text; "" if it names nothing.
        unwanted: What is not to be seen.
    """

    wanted: str
    unwanted: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """The gist in the prompt syntax."""
        parts = [self.wanted] if self.wanted else []
        return " | ".join([*parts, *(f"{text}:{NEGATIVE_WEIGHT}" for text in self.unwanted)])


def gist_of_any(text: str, default: str) -> Gist:
    """The gist of a text in the language that its function words suggest, `default` if they suggest none."""
    text = in_one_line(text)
    if _THING.search(text):
        return gist(text, "en")
    found = [gist(text, language) for language in spoken_languages(text, default)]
    changed = next((one for one in found if one != Gist(text)), None)
    denies = changed is not None and bool(changed.unwanted)
    if not denies and parse_prompt(text) == (PromptPart(text),):
        denied = Gist(*without_denied(text))  # also where a filler of the default language was found in another
        return denied if denied.unwanted else changed or found[0]
    return changed or found[0]


def gist(text: str, language: str = "en") -> Gist:
    """Find out what a text asks for.

    Args:
        text: Cleaned (see `core.prompt_text.clean`).
        language: Two letters. A text in a language without rules asks for all that it says.
    """
    rules = _rules(language)
    if rules is None or parse_prompt(text) != (PromptPart(text),):
        return Gist(text)
    plain = _AT_LAST.sub(r"\1, ", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    if rules.is_wish_alone(plain):
        return Gist(text)
    said, plain = plain, rules.without_stammer(_said_after(plain) if language == ENGLISH else plain)
    unwanted: list[str] = []
    fluent = rules.without_stammer(rules.without_fillers(plain))
    wish = rules.last_wish(rules.without_denied(fluent, unwanted))
    kept: list[str] = []
    for clause in _CLAUSE.findall(wish):
        part = rules.wanted_part(clause, unwanted, first=not kept)
        kept += [part] if part else []
    kept = rules.without_repeats(kept)
    wanted = _ASKED.sub(",", " ".join(" ".join(kept).split())).strip(" ,;")
    if not rules.names_something(wanted):
        return Gist(text) if plain.lower().strip(" .") in rules.alone else Gist("", tuple(unwanted))
    if not unwanted and _WORD.findall(wanted) == _WORD.findall(said):
        return Gist(text)  # nothing was changed, and the punctuation stays
    return Gist(wanted.rstrip(".,;!? "), tuple(unwanted))


def _said_after(text: str) -> str:
    """An English text with what is added of a thing before its name: "a mouse, a little one" is "a little mouse".

    A thing that is renamed afterwards gets its last name where it stood first.
    """
    text = _SEVERAL_RENAMED.sub(r"\3\2", _RENAMED.sub(_renamed, without_slips(text)))
    text = _MORE_OF_A.sub(r"\1", text)
    text = _TOLD_MORE.sub(r"\3\1\2", text)
    named = _BUT_AFTER.sub(r"\1 \3 \2", _SAID_AFTER.sub(r"\1 \3 \2", text))
    return _COLOURED_AFTER.sub(r"\2 \1", _ARTICLE.sub(r"a ", named) if named != text else text)


def _renamed(found: re.Match[str]) -> str:
    before, _, after, thing = found.groups()
    return f"{before}{thing}{after}" if before.strip() or after.strip() else found[0]


@cache
def _rules(language: str) -> _Rules | None:
    talk = talk_of(language)
    return _Rules(talk) if talk else None


def _with_noun(rest: str, before: str) -> str:
    """A corrected wish with the noun that "one" stands for: "a big dog, no, a small one"."""
    nouns = _WORD.findall(_ANY_ONE.sub(" ", before))  # "a cat, a black one, no, a white one"
    return _ONE.sub(rf"\1{nouns[-1]}", rest, count=1) if nouns else rest


def _with_same_thing(rest: str, before: str) -> str:
    """A corrected wish that names one of its things anew: "a cat on a blue sofa, no, a red sofa"; else ""."""
    if not (again := _THING_AGAIN.match(rest)):
        return ""
    named = rf"\b(?:an?|the|some|my|two|three|four) (?:[\w-]+ ){{0,3}}?{again[2]}\b"
    said = list(re.finditer(named, before, re.IGNORECASE))
    if not said or (not said[-1].start() and rest[again.end() :].strip(" .,!")):
        return ""
    after = "" if rest[again.end() :].strip(" .,!") else before[said[-1].end() :].rstrip(" ,.")
    return f"{before[: said[-1].start()]}{rest.rstrip(' .,!')}{after}"


def _with_number(rest: str, before: str) -> str:
    """A corrected wish whose number alone is corrected: "a cat with three, no, two tails"; "" if that is not so."""
    said = _LAST_NUMBER.search(before)
    return f"{before[: said.start()].rstrip(' ,')} {rest}" if said and _NUMBER.match(rest) else ""


def _with_place(rest: str, before: str) -> str:
    """A corrected wish whose correction begins with a place: "a rocket to the moon, no, to Mars"."""
    preposition = _PLACE.match(rest)
    if not preposition:
        return rest
    said = [found.start() for found in re.finditer(rf"\b{preposition[1]}\b", before, re.IGNORECASE)]
    return f"{before[: said[-1]]}{rest}" if said else rest


_NUMBER = re.compile(r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE)
_LAST_NUMBER = re.compile(rf"\b{_NUMBER.pattern}[\s,.;\u2026-]*$", re.IGNORECASE)
_GOING_ON = (
    "and",
    "now",
    "then",
    "just",
    "right",
    "und",
    "jetzt",
    "dann",
    "et",
    "maintenant",
    "y",
    "ahora",
    "e",
    "ora",
)

_I_WANT = r"(?:i|we)(?:'d| would| want)\b"  # begins a wish after talk: "my name is Anna I want a pony"
_AND = "and|und|et|y|e"  # before what is to be taken away


class _Rules:
    """The compiled patterns of one language."""

    def __init__(self, talk: Talk) -> None:
        def pattern(text: str) -> re.Pattern[str]:
            return re.compile(text.replace("{det}", talk.determiners), re.IGNORECASE)

        frames, corrections = "|".join(talk.frames), "|".join(talk.corrections)
        self._filler = pattern(rf"[,\s]*\b(?:{'|'.join(talk.fillers)})\b,?\s*")
        self._begins_name = pattern(r"(?:{det})\b")
        self._opener = pattern(rf"^(?:{talk.openers})(?:,\s*|\s+(?=(?:{{det}})\b|(?:{frames})\b|(?:{talk.openers})\b))")
        self._framed_opener = pattern(rf"^(?:{talk.openers}),?\s+(?=(?:{frames})\b)")
        self._frame = pattern(rf"^(?:{frames})\b(?:[,\s]+like(?=\s+(?:{{det}})\b))?[,\s]*")
        self._ending = pattern(rf"[,\s]+(?:{'|'.join(talk.endings)})(?=[.!?,;]*\s*$)")
        self._correction = pattern(rf"(?:^|[,.;!?\u2026]\s*|\s)(?:{corrections})\b[,.!\s]*")
        self._spaced_correction = pattern(rf"(?:^|[,.;!?\u2026]\s*)(?:{corrections})\b[,.!\s]*")
        word = rf"(?!(?:{_NAME_ENDS.replace(' ', '|')}|{{det}})\b)[^\s,.;!?]+"
        name = rf"({word}(?:\s{word}){{0,{_MAX_NAME_WORDS - 1}}}\s?)"
        article = r"(?:(?:{det})\s+)?"
        self._without = pattern(rf"[,\s]*\b(?:{talk.without})\s+(?!(?:{talk.fixed})\b){article}{name}")
        self._no = pattern(rf"^\s*(?:{talk.no})\s+(?!(?:{talk.fixed})\b){article}{name}(?=[,.;!?\u2026]|\s*$)")
        self._away = pattern(
            rf"(?:^|\s+(?:{_AND})\s)\s*(?:{talk.away})\s+{article}(.+?)\s+(?:{talk.gone})(?=[,.;!?\u2026]|\s*$)"
        )
        self._denials = tuple(pattern(each.replace("{name}", f"{article}{name}")) for each in talk.denials)
        self._opened = pattern(rf"^(?:(?:{talk.openers})[,\s]+)*")
        again = "|".join(word for word in talk.openers.split("|") if word not in _GOING_ON)
        restarts = rf"(?:{again})\s+(?:(?:{talk.openers})\s+)*(?=(?:{{det}})\b|(?:{frames})\b)"
        self._restart = pattern(rf"\s(?:{restarts}|(?:{_AND})\s+(?=(?:{frames})\b)|(?={_I_WANT}))")
        self._thing = pattern(r"\W*(?:(?:{det})\s+)?(?:[\w'-]+\s+)?([\w'-]+)\W*")
        self._aside = pattern(rf"^(?:{'|'.join(talk.asides)})[\s.,;!?\u2026]*$") if talk.asides else None
        self._empty = talk.function | talk.chatter
        self.alone = talk.alone
        self._whole = pattern(rf"\W*(?:{'|'.join(talk.whole)})\W*") if talk.whole else None

    def is_wish_alone(self, text: str) -> bool:
        """Whether a text is a wish as a whole, although its words are talk: "something beautiful", "who am I"."""
        return self._whole is not None and bool(self._whole.fullmatch(text))

    def without_stammer(self, text: str) -> str:
        """Say once what a speaker begins twice ("can you can you", "the the"), and name young ones after the old."""

        def once(found: re.Match[str]) -> str:
            words = found[1].lower().split()
            return found[1] if all(word in self._empty for word in words) else found[0]

        return _YOUNG.sub(r"\1 and \2 \1s", _STAMMER.sub(once, text))

    def without_fillers(self, text: str) -> str:
        """Rule 1."""

        def left(found: re.Match[str]) -> str:
            parts = found[0].strip()[:1] == found[0].strip()[-1:] == "," and self._begins_name.match(text, found.end())
            return ", " if parts else " " if found.start() else ""

        return self._filler.sub(left, text).strip()

    def last_wish(self, text: str) -> str:
        """Rule 2: what follows the last correction, if it names something."""
        for found in reversed(list(self._correction.finditer(text))):
            within = not self._spaced_correction.match(text, found.start())
            word = found.group().strip(" ,.;!?\u2026").lower()
            rest = text[found.end() :]
            if within and len(word.split()) == 1 and word not in ("no", "nein", "non"):
                continue  # "the king is actually a frog"
            if self.names_something(rest):
                before = text[: found.start()]
                if also := _ALSO.match(rest):
                    return f"{before.removesuffix(' and').rstrip(' ,')}, {also[1]}{rest[also.end() :]}"
                if same := _with_same_thing(rest, before):
                    return same
                if found.group().lower().split()[-2:-1] == ["make"] and (last := _LAST_OF.search(before)):
                    return f"{last[1]}{rest}"
                return _with_number(rest, before) or _with_place(_with_noun(rest, before), before + " ")
        return text

    def wanted_part(self, clause: str, unwanted: list[str], first: bool) -> str:
        """Rules 3 to 5: what a clause wants to be seen, "" if nothing; what it does not want is added to `unwanted`.

        Before the `first` clause that wants anything, "and" and "now" are talk; later they join what is to be seen.
        """
        if first and _CALLED.fullmatch(clause.strip()):
            return ""
        if self._is_aside(clause):
            restart = self._restart.search(clause)
            return self.wanted_part(clause[restart.end() :], unwanted, first) if restart else ""
        clause = self._without_frame(clause, first)
        if taken := self._away.search(clause):
            unwanted.append(taken[1].strip())
            clause = clause[: taken.start()] + clause[taken.end() :]
        opened = self._opened.match(clause.lstrip())
        if refused := self._no.match(clause) or self._no.match(clause.lstrip()[opened.end() if opened else 0 :]):
            unwanted.append(refused[1].strip())
            return ""
        bare = self._without.sub(" ", clause)
        if bare != clause:
            unwanted += [found.strip() for found in self._without.findall(clause)]
            clause = bare
        return clause.strip() if self.names_something(clause) else ""

    def without_repeats(self, clauses: list[str]) -> list[str]:
        """Leave out a thing that a later clause names again and tells more of: "a digger, a big digger in the mud"."""
        kept = []
        for index, clause in enumerate(clauses):
            thing = self._thing.fullmatch(clause)
            later = _WORD.findall(" ".join(clauses[index + 1 :]).lower())
            if thing is None or thing[1].lower() not in later:
                kept.append(clause)
        return kept

    def without_denied(self, text: str, unwanted: list[str]) -> str:
        """Rule 4, where the words around it say it: "not a cat but a dog", "the birds are gone"."""
        for pattern in self._denials:
            unwanted += [group.strip() for found in pattern.finditer(text) for group in found.groups() if group]
            text = pattern.sub(" ", text)
        return " ".join(text.split())

    def _is_aside(self, clause: str) -> bool:
        """Rule 5: whether a clause that is no framed wish is talk about the place, the machine or the speaker."""
        bare = self._opened.sub("", clause.strip())
        return self._aside is not None and not self._frame.match(bare) and bool(self._aside.match(bare))

    def _without_frame(self, clause: str, first: bool) -> str:
        """Rule 3: drop openers and frames as long as there are any, and endings, if something is named without them."""
        before, text = "", clause.strip()
        while text != before:
            before = text
            for pattern in (self._opener if first else self._framed_opener, self._frame, self._ending):
                shorter = pattern.sub("", text)
                if self.names_something(shorter):
                    text = shorter
        return text

    def names_something(self, text: str) -> bool:
        """Rule 5: whether any word is not one of talk. Pictures, such as emoji, name what they show."""
        words = _WORD.findall(text.lower())
        if _THING.search(text):
            return True
        pictures = any(unicodedata.category(character) == "So" for character in text)
        return pictures or any(word not in self._empty for word in words)
