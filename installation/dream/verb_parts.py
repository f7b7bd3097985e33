"""Verbs that are said in two parts: German "geht ... auf", "hat ... gebacken", "will ... fangen", Italian "ha cotto".

The verb stands where its first part does in German and Dutch, and its other part is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from installation.dream.english_phrases import AND
from installation.text.glossary import ADJECTIVE, JOINED, VERB, WORD, Entry, Glossary

Entries = Mapping[int, tuple[int, Entry]]

_PREFIXES = (  # that stand apart from their verb, the longest first
    *("zusammen", "hinunter", "herunter", "hinterher", "entgegen", "hinauf", "herauf", "hinaus", "heraus", "hinein"),
    *("herein", "vorbei", "zurück", "entlang", "runter", "davon", "rauf", "raus", "rein", "hoch", "heim", "fort"),
    *("nach", "auf", "aus", "ein", "mit", "vor", "weg", "los", "her", "hin", "an", "ab", "um", "zu"),
    *("achterna", "omhoog", "omlaag", "binnen", "buiten", "terug", "samen", "voort", "neer", "toe", "uit", "aan"),
    *("voor", "door", "mee", "op", "af", "om", "in", "na"),
)
_PARTICIPLE = re.compile(r"ge(\w{2,}(?:t|d|en))")
_INFINITIVE = re.compile(r"\w{2,}(?:en|eln|ern|aan|ien)")
_OF_MOTION = frozenset(  # verbs whose perfect is said with "to be"
    [
        *("go", "walk", "run", "fall", "climb", "come", "fly", "jump", "swim", "rise", "set", "sail", "drive", "sink"),
        *("ride", "land", "wake up", "run away", "fly away", "climb down", "go down", "grow", "bloom", "dive", "crawl"),
        *("cycle", "return", "arrive", "slide", "burn", "melt", "hide", "sleep", "follow", "chase", "walk across"),
    ]
)
_UNREAD = Entry(WORD, "")


def verbs_in_parts(words: Sequence[str], entries: Entries, glossary: Glossary) -> dict[int, Entry]:
    """What the words at some places are instead of what they are alone.

    Args:
        words: Of one clause, in lower case.
        entries: Of the dictionary: where they end and what they are, by where they begin.
        glossary: Of their language.
    """
    clause = _Clause(words, entries, glossary)
    if glossary.participle is not None:
        return dict(clause.perfects_side_by_side())
    found: dict[int, Entry] = {}
    for place in range(len(words)):
        if place not in found:
            parts = clause.perfect(place) or clause.modal(place)
            found |= clause.separable(place) or (parts | clause.joined(place) if parts else {})
    return found


@dataclass(frozen=True)
class _Clause:
    """The words of a clause in lower case, and what the dictionary has of them."""

    words: Sequence[str]
    entries: Entries
    glossary: Glossary

    def separable(self, place: int) -> dict[int, Entry]:
        """Both parts of a verb whose second part ends the clause, or one of two clauses that an "and" joins."""
        for other in self._ends():
            english = self.glossary.parted.get((self.words[place], self.words[other])) if other > place else None
            if english is not None:
                return {place: Entry(VERB, english), other: _UNREAD}
        return {}

    def perfect(self, place: int) -> dict[int, Entry]:
        """A form of "to have" or "to be", and the participle that belongs to it."""
        has = self.words[place] in self.glossary.perfect
        if not has and self.words[place] not in self.glossary.perfect_of_motion:
            return {}
        last = place == len(self.words) - 1
        for other in (place - 1,) if last else range(place + 1, len(self.words)):
            english = self._participle(self.words[other]) if other >= 0 else ""
            if english and (has or english in _OF_MOTION):
                return {min(place, other): Entry(VERB, english), max(place, other): _UNREAD}
        return {}

    def perfects_side_by_side(self) -> Iterator[tuple[int, Entry]]:
        """Participles just behind a form of "to have" or "to be", which is not read: Italian "ha costruito"."""
        for place in range(len(self.words) - 1):
            word = self.words[place + 1]
            if place in self.entries and self.entries[place][0] > place + 1:
                continue  # of a longer phrase
            behind = self.entries[place + 1][1] if place + 1 in self.entries else _UNREAD
            if self.words[place] not in self.glossary.perfect or behind.kind == ADJECTIVE:
                continue
            if behind.kind == VERB:
                yield place, _UNREAD
                continue
            regular = self.glossary.participle.fullmatch(word) if self.glossary.participle is not None else None
            forms = [regular[1] + ending for ending in ("a", "e", "isce")] if regular is not None else []
            english = self.glossary.participles.get(word) or next(filter(None, map(self._verb, forms)), "")
            if english:
                yield place, _UNREAD
                yield place + 1, Entry(VERB, english)

    def modal(self, place: int) -> dict[int, Entry]:
        """A verb like "to want", and what is wanted, which stands in its place."""
        if self.words[place] not in self.glossary.modals:
            return {}
        last = place == len(self.words) - 1
        for other in (place - 1,) if last else reversed(range(place + 1, self._end_behind(place) + 1)):
            english = self._infinitive(other) if other >= 0 else ""
            if english:
                return {min(place, other): Entry(VERB, english), max(place, other): _UNREAD}
        return {}

    def joined(self, place: int) -> dict[int, Entry]:
        """Further infinitives or participles behind an "and", which stand before their objects instead."""
        has = self.words[place] in self.glossary.perfect
        ends = [end for end in self._ends() if end > place][::-1]
        ands = [end + 1 for end in ends[:-1]]
        found: dict[int, Entry] = {}
        for join, end in zip(ands, ends[1:], strict=True):
            english = self._participle(self.words[end]) if has else self._infinitive(end)
            if english and end > join + 1:
                found |= {join: Entry(JOINED, english), end: _UNREAD}
        return found

    def _end_behind(self, place: int) -> int:
        """Where what the first "and" behind a place joins ends: of the verb there, or of its objects."""
        ends = [end for end in self._ends() if end > place and _INFINITIVE.fullmatch(self.words[end])]
        return ends[-1] if ends else len(self.words) - 1

    def _ends(self) -> Iterator[int]:
        """Places of the last words of the clause and of what an "and" joins in it, the last first."""
        yield len(self.words) - 1
        for place in range(len(self.words) - 1, 0, -1):
            if place in self.entries and self.entries[place][1].english == AND:
                yield place - 1

    def _participle(self, word: str) -> str:
        """The verb of a participle, with the part that may stand apart: "aufgehängt"; nothing for another word."""
        whole = self.glossary.participles.get(word, "")
        regular = _PARTICIPLE.fullmatch(word)
        if not whole and regular is not None:
            whole = self._verb(regular[1]) or self._verb(regular[1].removesuffix("t") + "en")
        return whole or self._with_prefix(word, self._participle)

    def _infinitive(self, place: int) -> str:
        word = self.words[place]
        if not _INFINITIVE.fullmatch(word):
            return ""
        ends = (entry for end, entry in self.entries.values() if end == place + 1 and entry.kind == VERB)
        whole = next((entry.english for entry in ends), "")
        return whole or self._with_prefix(word, self._verb)

    def _with_prefix(self, word: str, verb_of: Callable[[str], str]) -> str:
        """The verb of a word that begins with a part that may stand apart."""
        prefix = next((each for each in _PREFIXES if word.startswith(each) and len(word) > len(each) + 3), "")
        verb = verb_of(word.removeprefix(prefix)) if prefix else ""
        apart = (
            english
            for (first, second), english in self.glossary.parted.items()
            if second == prefix and self._verb(first) == verb
        )
        return next(apart, verb) if verb else ""

    def _verb(self, word: str) -> str:
        entry = self.glossary.look_up(word)
        return entry.english if entry is not None and entry.kind == VERB else ""
