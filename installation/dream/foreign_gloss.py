"""Puts a text of another language into plain English, word by word, in English order.

The dictionaries of `text.glossary` know verbs, adjectives, prepositions and numbers; nouns are those that
`foreign_names` finds. So a text of any of these languages is read by the same rules as an English one: who does what,
where it stands, which colour, number and state belongs to which noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from installation.dream.english_forms import participle
from installation.dream.english_order import WITHOUT, in_english_order
from installation.dream.english_phrases import AND, BE, OF, SUBJECT, THAT, Token
from installation.dream.foreign_names import Named, spaced_names, words_in
from installation.dream.foreign_unknown import unknown_things
from installation.dream.given_names import is_given_name
from installation.dream.nearest_words import Match, NearestWords
from installation.dream.noun_endings import Said, said_by_endings
from installation.dream.unspaced_words import cut_words
from installation.dream.verb_parts import verbs_in_parts
from installation.dream.word_forms import INFLECTED, is_plural, word_forms
from installation.models.lexicon import Lexicon, Meaning
from installation.text.glossary import (
    ADJECTIVE,
    AFTER,
    ARTICLE,
    BEFORE,
    COUNTER,
    JOINED,
    MAX_PHRASE,
    NOUN,
    NUMBER,
    PARTICLE,
    STRANGE,
    UNREAD,
    VERB,
    WORD,
    Entry,
    Glossary,
    glossary_of,
)
from installation.text.language import UNSPACED, function_words

_CLAUSES = re.compile(r"[.,;:!?\u2026\u3001\u3002\uff01\uff0c\uff1f\u061b\u060c\u061f\u0964\n/]+|\s[-\u2013\u2014]\s")
_PHRASES = re.compile(rf"{_CLAUSES.pattern}|\s+")
_COLOURS = frozenset(["tint", "subject_colour"])
_SUBJECTS_OF_NUMBERS = ("이", "은")  # Korean particles: "the two" are those named before
_KOREAN_DOGS = ("개", "개가", "개는", "개를")  # also what other things are counted by
_HANGUL, _FINALS, _FINAL_N = 0xAC00, 28, 4  # the last letter of syllables that end verbs before nouns
FLOCK = "distant birds"  # what lists call the plural of birds
_WITH_OR_FROM = ("с", "со", "з", "із", "зі", "z", "ze")  # "with" before one case, "from" before others
_INSTRUMENTAL = re.compile(r".+(?:[оеёіиыє]м|[оеє][йю]|ью|ям?и|ам?и|ими|em|ą|ami|ymi?|imi?)")
_BEFORE_NOUNS = ("big", "little", "old", "young", "beautiful", "huge", "new", "last")  # adjectives of all languages
_WITH_IN_CZECH = re.compile(r"[szžš].*(?:ou|em|ým|ím|mi|emi)")  # after "se", which else is "oneself"
_PURPOSEFUL = _VERB_LAST_BEHIND = ("de", "nl")
_PURPOSE = re.compile(
    r"\b(?:um|om)\s+((?:(?!\b(?:zu|te)\b).)+?)\s+(?:zu|te)\s+(\w+)", re.IGNORECASE
)  # "um Äpfel zu pflücken"
_GENITIVE_ENDINGS = {  # of adjectives whose noun owns the one before: "из трубы маленького дома"
    "ru": ("ого", "его", "ой", "ей", "ых", "их"),
    "uk": ("ого", "ої", "ьої", "их"),
    "pl": ("ego", "ej", "ych", "ich"),
    "cs": ("ého", "ího", "ých"),
    "el": ("ού", "ου", "ής", "ης", "ών", "ων"),
}
_TURKISH_SMALL = str.maketrans("İI", "iı")  # Python has another lower case: "İki" is "iki"
_PRONOUNS = ("I", "he", "she", "we")
_CHILDHOOD = "when I was little"
_HIS = ("его", "ее", "её", "jego", "jej", "него")  # articles in any case
_ONE_THING = {  # endings of adjectives before a single thing, whose noun may look like several: "на чорному коні"
    "ru": ("ого", "его", "ому", "ему", "ой", "ую", "ый", "ая", "ое"),
    "uk": ("ого", "ому", "ій", "ої", "ою", "ий"),
    "pl": ("ego", "emu", "ej"),
    "cs": ("ého", "ému", "ém", "ou"),
}
_GERMAN_ONE = frozenset(["ein", "einen", "einem", "eines"])
_NONE = Entry("", "")
_JOINS = (WORD, BEFORE, NUMBER)  # before nouns that more than they do something
_LEFT_OUT = Entry(BEFORE, "")
_WITH_GERUNDS = ("es", "pt", "it")  # languages that say "is doing" in two words
_WITH_ARTICLES = ("de", "nl", "fr", "es", "it", "pt")  # languages that never say whose by two nouns alone
_RELATIVE = re.compile(  # German "der einen Ball", but not "die Sonne"
    r"\s*(?:der|die|das|den|dem)\s+(?:k?eine?[nmrs]?|d(?:en|ie|as|em|er)|(?:s|m)eine?[nmrs]?|ihre?[nmrs]?|auf|im?|ins|am?|mit|"
    r"unter|über|vor|hinter|neben|zwischen|durch|aus|vo[nm]|zu[mr]?|sich|gerade|zwei|drei)\s",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(  # conjunctions of German and Dutch behind which the verb is last
    r"\s*(?:weil|wenn|als|dass|während|bis|nachdem|bevor|obwohl|damit|wie|wo|omdat|wanneer|toen|terwijl|totdat|nadat|"
    r"voordat|hoewel|dat)\s",
    re.IGNORECASE,
)
_WHILE_IN_DUTCH = re.compile(r"\s(terwijl|omdat|wanneer|totdat|voordat|nadat)\s")  # said without a comma
_OF_HER = (
    "der",
    "einer",
    "eines",
    "meiner",
    "seiner",
    "ihrer",
    "meines",
    "seines",
)  # German articles that make an owner of a noun behind a noun
_GENITIVE = ("der", "des", "einer", "eines", "s", "t")
_WITHOUT_REACH = 1  # words between "without" and what is left out, at most
_TURKISH_WITHOUT = re.compile(r".+s[ıiuü]z")
_ARABIC_VERB = "يتأنس"  # before the stem
_AND_BEFORE, _AND_LENGTH = {"ar": "و", "he": "ו"}, 3  # "and" before a verb of more letters
_DEFINITE = {"ar": "ال", "he": "ה"}  # before nouns that own no other: "on the table a vase"
_DID_IN_PERSIAN = {  # forms of "to do" and "to hit"
    "می‌کند": ("می‌کنند", "می‌کرد", "می‌کردند", "کرد", "کردند", "کرده", "کرده‌اند", "کرده‌است", "کنند"),
    "می‌زند": ("می‌زنند", "می‌زد", "می‌زدند", "زد", "زدند", "زده", "زده‌اند", "زده‌است", "زنند"),
}
_MANY_IN_PERSIAN = ("ها", "های")
_ONE_IN_PERSIAN = "ی"  # "a" behind a noun
_DOES_MANY = {  # endings of verbs that many do
    "ru": re.compile(r".*(?:[уюая]т(?:ся)?|ли(?:сь)?)"),
    "uk": re.compile(r".*(?:[уюая]ть(?:ся)?|ли(?:ся)?)"),
    "pl": re.compile(r".*(?:ą|li|ły)"),
}
_FIRST_IN_ARABIC = "أ"


@dataclass
class Gloss:
    """A text in English.

    Attributes:
        english: With commas between its clauses.
        words: What things are called in the text, by their English names.
        known: Whether the dictionary has any of its words.
        found: The nouns of the text that no dictionary has, but lists or the sentence encoder.
        parts: All words of the text, or its characters.
    """

    english: str = ""
    words: dict[str, str] = field(default_factory=dict)
    known: bool = False
    found: list[Named] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


def gloss_of(text: str, language: str, lexicon: Lexicon, nearest: NearestWords | None) -> Gloss | None:
    """A text in English; None for a language without a dictionary.

    Args:
        text: Not in English.
        language: Two letters.
        lexicon: Of the generator.
        nearest: Loaded; None where only the lists are used.
    """
    glossary = glossary_of(language)
    if glossary is None:
        return None
    text = text.translate(_TURKISH_SMALL) if language == "tr" else text
    text = _WHILE_IN_DUTCH.sub(r", \1 ", text) if language == "nl" else text
    gloss = Gloss()
    clauses: list[str] = []
    does_before = False  # whether the clause before has a verb
    separator = _PHRASES if language == "ja" else _CLAUSES
    for clause in separator.split(text):
        if not clause or not clause.strip():
            continue
        clause = _PURPOSE.sub(r"\2 \1", clause) if language in _PURPOSEFUL else clause
        reader = _Clause(clause, language, lexicon, nearest, glossary, gloss)
        tokens = list(reader.tokens())
        if language == "de" and clauses and _RELATIVE.match(clause) and tokens and tokens[-1].kind == VERB:
            tokens.insert(0, Token(WORD, THAT))
        if language in _VERB_LAST_BEHIND and _SUBORDINATE.match(clause):
            tokens = _verb_behind_subject(tokens)
        known = [token for token in tokens if token.kind != UNREAD]
        is_word = len(known) == 1 and known[0].kind == NOUN and not known[0].plural  # said as a title is
        words = known[0].text if is_word else in_english_order(tokens, glossary)
        goes_on = language == "zh" and words.startswith("someone ") and does_before
        does_before = any(token.kind == VERB for token in tokens)
        if goes_on:  # what the one before does, too
            clauses[-1] += f" and {words.partition(' ')[2]}"
        elif clauses and clauses[-1] != _CHILDHOOD and words.startswith(("someone ", f"{THAT} ")):
            clauses[-1] += f" that {words.partition(' ')[2]}"
        else:
            clauses += [words] if words else []
    gloss.english = ", ".join(clauses)
    return gloss


def _verb_behind_subject(tokens: list[Token]) -> list[Token]:
    """The tokens of a clause whose only verb is last, with the verb behind the first noun or pronoun."""
    verbs = [place for place, token in enumerate(tokens) if token.kind == VERB]
    named = [place for place, token in enumerate(tokens) if token.kind == NOUN or token.text in _PRONOUNS]
    if verbs != [len(tokens) - 1] or len(named) < 2:
        return tokens
    *others, verb = tokens
    return [*others[: named[0] + 1], verb, *others[named[0] + 1 :]]


class _Clause:
    """Reads one clause; what it finds is added to the gloss."""

    def __init__(
        self,
        clause: str,
        language: str,
        lexicon: Lexicon,
        nearest: NearestWords | None,
        glossary: Glossary,
        gloss: Gloss,
    ) -> None:
        self._clause, self._language, self._lexicon, self._nearest = clause, language, lexicon, nearest
        self._glossary, self._gloss = glossary, gloss
        self._own = lexicon.languages.get(language, {})
        self._is_definite = False  # whether the last noun has an article at its beginning

    def tokens(self) -> Iterator[Token]:
        """The words of the clause in English, in their own order."""
        found = list(self._unspaced() if self._language in UNSPACED else self._spaced())
        for index, token in enumerate(found):
            following = found[index + 1] if index + 1 < len(found) else None
            is_owner = token.kind == PARTICLE and token.text == OF
            if is_owner and following is not None and following.kind == AFTER:
                continue  # "of the table under" is under it
            is_said = following is not None and following.kind == VERB
            if is_said and token.kind == WORD and token.text == BE and self._language in _WITH_GERUNDS:
                continue  # Spanish "está pintando"
            yield token

    def _spaced(self) -> Iterator[Token]:
        words = words_in(self._clause)
        offset = len(self._gloss.parts)
        entries = dict(self._entries(words))
        lower = [word.lower() for word in words]
        parts = (
            verbs_in_parts(lower, entries, self._glossary) if self._glossary.perfect or self._glossary.parted else {}
        )
        entries |= {place: (place + 1, entry) for place, entry in parts.items()}
        covered = {place for start, (end, _) in entries.items() for place in range(start, end)}
        _, named = spaced_names(self._clause, self._language, self._lexicon, self._nearest, covered)
        for each in named:  # "polar bear" rather than "white", but not what somebody does with it
            within = [start for start, (end, _) in entries.items() if each.start <= start and end <= each.end]
            longest = max((entries[start][0] - start for start in within), default=each.end)
            if each.end - each.start > longest and all(entries[start][1].kind != VERB for start in within):
                for start in within:
                    covered -= set(range(start, entries.pop(start)[0]))
        by_start = {each.start: each for each in named if each.start not in covered}
        self._gloss.found += [
            each._replace(start=each.start + offset, end=each.end + offset) for each in by_start.values()
        ]
        self._gloss.found += [
            _said(" ".join(words[start:end]), start + offset, end + offset, entry)
            for start, (end, entry) in entries.items()
        ]
        self._gloss.parts += words
        here = [
            each._replace(start=each.start - offset, end=each.end - offset)
            for each in self._gloss.found
            if each.start >= offset
        ]
        strange = frozenset(unknown_things(words, here, self._language))
        stops, has_articles = function_words(self._language), self._language in _WITH_ARTICLES
        position = 0
        while position < len(words):
            word = words[position].lower()
            if position in entries:
                end, entry = entries[position]
                following = words[end].lower() if end < len(words) else ""
                if self._language == "cs" and word == "se" and _WITH_IN_CZECH.fullmatch(following):
                    entry = Entry(BEFORE, "with")
                if self._language == "de" and word in _OF_HER and self._follows_noun(position, entries, by_start):
                    entry = Entry(BEFORE, OF)
                if word == "zijn" and self._language == "nl" and self._names(end, entries, by_start):
                    entry = Entry(ARTICLE, "his")
                if word in _WITH_OR_FROM and following and not _INSTRUMENTAL.fullmatch(following):
                    entry = entry._replace(english="from")
                if entry.kind == NOUN and self._many_do(words, position, end, entries):
                    entry = entry._replace(plural=True)
                if position and self._is_of_one(words[position - 1].lower()):
                    entry = entry._replace(plural=False)
                yield from self._from_entry(" ".join(words[position:end]).lower(), entry)
                position = end
            elif position in by_start:
                each = by_start[position]
                before = words[position - 1].lower() if position else ""
                if self._language == "de" and not _GERMAN_ONE.isdisjoint(
                    map(str.lower, words[max(0, position - 2) : position])
                ):
                    before = "einen"
                yield from self._from_named(each, before, self._many_do(words, position, each.end, entries))
                position = each.end
            else:
                position += 1
                if word.isdigit() and int(word) < 10000:
                    yield Token(NUMBER, word)
                elif words[position - 1][0].isupper() and is_given_name(word):
                    yield Token(NOUN, word.title())
                    self._gloss.words.setdefault(word.title(), word)
                elif any(word.startswith(each) for each in strange):
                    if self._is_left_out(words, position - 1, entries):
                        self._gloss.found.append(_said(word, position - 1 + offset, position + offset, _LEFT_OUT))
                    yield Token(STRANGE, word)
                elif self._language == "de" and word in _OF_HER and self._follows_noun(position - 1, entries, by_start):
                    yield Token(BEFORE, OF)
                elif word[0].isalpha() and word not in _GENITIVE and (has_articles or word not in stops):
                    yield Token(UNREAD, word)

    def _is_of_one(self, word: str) -> bool:
        """Whether a word before a noun is an adjective of a single thing."""
        return word.endswith(_ONE_THING.get(self._language, "\0"))

    def _many_do(self, words: Sequence[str], start: int, end: int, entries: Mapping[int, tuple[int, Entry]]) -> bool:
        """Whether the word behind a noun is a verb in the plural, which no other noun before it shares."""
        pattern = _DOES_MANY.get(self._language)
        if pattern is None or end not in entries or (start and entries.get(start - 1, (0, _NONE))[1].kind in _JOINS):
            return False
        return entries[end][1].kind == VERB and bool(pattern.fullmatch(words[entries[end][0] - 1].lower()))

    @staticmethod
    def _names(place: int, entries: Mapping[int, tuple[int, Entry]], named: Mapping[int, Named]) -> bool:
        """Whether a noun or an adjective begins at a place."""
        return place in named or (place in entries and entries[place][1].kind in (NOUN, ADJECTIVE))

    @staticmethod
    def _follows_noun(place: int, entries: Mapping[int, tuple[int, Entry]], named: Mapping[int, Named]) -> bool:
        """Whether a noun ends just before a place."""
        of_entries = any(end == place and entry.kind == NOUN for end, entry in entries.values())
        return of_entries or any(each.end == place for each in named.values())

    def _is_left_out(self, words: Sequence[str], place: int, entries: Mapping[int, tuple[int, Entry]]) -> bool:
        """Whether a word that is not known is what something is without, so that nobody misses it."""
        before = max((start for start in entries if start < place), default=-1)
        if before >= 0 and entries[before][1].english == WITHOUT and place - entries[before][0] <= _WITHOUT_REACH:
            return True
        return self._language == "tr" and bool(_TURKISH_WITHOUT.fullmatch(words[place].lower()))

    def _entries(self, words: Sequence[str]) -> Iterator[tuple[int, tuple[int, Entry]]]:
        """The longest phrases of the dictionary, from where they begin to where they end."""
        position = 0
        lower = [word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for word in words]
        while position < len(lower):
            for length in range(min(MAX_PHRASE, len(lower) - position), 0, -1):
                phrase = " ".join(lower[position : position + length])
                beside = (
                    lower[position - 1] if position else "",
                    lower[position + 1] if position + 1 < len(lower) else "",
                )
                entry = self._entry(phrase, length, beside)
                if phrase in _KOREAN_DOGS and self._language == "ko" and not self._is_number(beside[0]):
                    entry = Entry(NOUN, "dog", phrase.removeprefix(_KOREAN_DOGS[0]))
                if entry is not None:
                    yield position, (position + length, entry)
                    position += length - 1
                    break
            position += 1

    def _persian(self, phrase: str) -> Entry | None:
        """A Persian verb of a noun and "to do" or "to hit", in another tense than the dictionary has."""
        if self._language != "fa":
            return None
        stem, _, verb = phrase.rpartition(" ")
        if stem.endswith((" کرده", " زده")):
            stem, _, verb = stem.rpartition(" ")
        now = next((present for present, past in _DID_IN_PERSIAN.items() if verb in past), "")
        entry = self._glossary.exact.get(f"{stem} {now}") if stem and now else None
        return entry if entry is not None and entry.kind == VERB else None

    def _entry(self, phrase: str, length: int, beside: tuple[str, str]) -> Entry | None:
        phrase = phrase.replace("ё", "е") if "ё" in phrase and phrase not in self._glossary.exact else phrase
        exact = self._glossary.exact.get(phrase) or self._persian(phrase)
        if phrase in self._glossary.nouns and beside[0] and self._opens_noun(beside[0]):
            return self._glossary.nouns[phrase]
        if length > 1 or (exact is not None and not (exact.kind == VERB and phrase in self._own)):
            return exact
        entry = exact or self._glossary.look_up(phrase)
        if entry is not None and phrase in self._own:  # a noun, too
            before, after = beside
            is_said = bool(before) and not self._opens_noun(before)
            is_colour = all(one.group in _COLOURS for one in self._own[phrase])
            before_noun = entry.kind == ADJECTIVE and (
                is_colour or not self._glossary.adjective_after or self._is_noun(after)
            )
            return entry if is_said or before_noun else None
        if entry is not None:
            return entry
        if self._language == "ar" and phrase[0] in _ARABIC_VERB and len(phrase) > 2:
            entry = self._glossary.look_up(phrase[1:])
            if entry is not None and entry.kind == VERB:
                return entry._replace(ending=phrase[0])
        if phrase[0] == _AND_BEFORE.get(self._language) and len(phrase) > _AND_LENGTH:
            entry = self._entry(phrase[1:], 1, beside)
            if entry is not None and entry.kind == VERB:
                return entry._replace(kind=JOINED)
        forms = [] if self._language not in INFLECTED else word_forms(phrase, self._language)
        for form in forms:
            is_like = self._language == "he" and any(map(self._is_noun, word_forms(beside[0], "he")))
            entry = (None if is_like else self._glossary.nouns.get(form)) or self._glossary.exact.get(form)
            entry = entry or (self._glossary.look_up(form) if self._language == "he" else None)
            if form in self._own and (entry is None or entry.kind != NOUN):
                return None
            if entry is not None and form != phrase and entry.kind in (NOUN, ADJECTIVE) and len(form) > 1:
                return entry._replace(ending=phrase.removeprefix(form) or "-")
        return None

    def _is_noun(self, word: str) -> bool:
        entry = self._glossary.look_up(word) if word else None
        return word in self._own if entry is None else entry.kind == NOUN

    def _is_number(self, word: str) -> bool:
        entry = self._glossary.look_up(word) if word else None
        return word.isdigit() or (entry is not None and entry.kind == NUMBER)

    def _opens_noun(self, word: str) -> bool:
        """Whether a word is followed by a noun: an article, a preposition, a number or an adjective."""
        entry = self._glossary.look_up(word)
        if entry is not None and entry.english:
            return entry.kind in (BEFORE, ARTICLE, NUMBER) or (
                entry.kind == ADJECTIVE and (not self._glossary.adjective_after or entry.english in _BEFORE_NOUNS)
            )
        return word in function_words(self._language)

    def _from_entry(self, word: str, entry: Entry) -> Iterator[Token]:
        self._gloss.known = True
        if entry.kind == JOINED:
            yield from (Token(WORD, AND), Token(VERB, entry.english))
            return
        if entry.kind == VERB and not entry.english:
            return
        if entry.kind == VERB:
            glossary = self._glossary
            ending = entry.ending or word
            if self._language == "ar":
                first = word[0] == _FIRST_IN_ARABIC
            else:
                first = bool(glossary.first_person and glossary.first_person.fullmatch(ending))
            attributive = bool(glossary.attributive and glossary.attributive.fullmatch(ending))
            attributive |= self._language == "ko" and (ord(word[-1]) - _HANGUL) % _FINALS == _FINAL_N
            if attributive and not glossary.verb_last:
                yield Token(ADJECTIVE, participle(entry.english).removesuffix(" for"))
            else:
                yield Token(VERB, entry.english, attributive=attributive, person=1 if first else 3)
            return
        if entry.kind != NOUN:
            if entry.english:
                ending = entry.ending if entry.kind == ADJECTIVE else word if word not in _HIS else ""
                owned = entry.kind in (ADJECTIVE, ARTICLE) and ending.endswith(
                    _GENITIVE_ENDINGS.get(self._language, "\0")
                )
                yield Token(entry.kind, entry.english, attributive=owned)
                if (
                    self._language == "ko"
                    and entry.kind == NUMBER
                    and len(word) > 1
                    and word[-1] in _SUBJECTS_OF_NUMBERS
                ):
                    yield Token(COUNTER, SUBJECT)
            elif entry.kind == COUNTER:
                yield Token(COUNTER, "")
            return
        plural = entry.plural or is_plural(word, "", self._language, self._glossary.exact)
        yield from self._noun(entry.english, word, entry.ending, plural)

    def _from_named(self, named: Named, before: str, many: bool) -> Iterator[Token]:
        name = named.match.name
        groups = {one.group for one in named.match.meanings}
        if groups <= _COLOURS:
            yield Token(ADJECTIVE, name)
            return
        listed = named.text if named.text in self._own else ""
        stem = listed or next((form for form in word_forms(named.text, self._language) if form in self._own), "")
        ending = named.text.removeprefix(stem) if stem and named.text.startswith(stem) else "" if listed else "-"
        if name == "grey" and groups == {"sky"}:
            name = "grey sky"
        plural = many or is_plural(named.text, before, self._language, self._own)
        yield from self._noun(name, named.text, ending, plural)

    def _noun(self, name: str, word: str, ending: str = "", plural: bool = False) -> Iterator[Token]:
        """A noun with what its beginning and its ending say."""
        if name == FLOCK:
            name, plural = "bird", True
        self._gloss.words.setdefault(name, word)
        groups = frozenset(one.group for one in self._lexicon.names.get(name, self._lexicon.moods.get(name, ())))
        said = said_by_endings(word, self._language, self._has) if ending else Said()
        yield from said.before
        apart = self._is_definite or (
            self._language == "fa" and word.endswith(_ONE_IN_PERSIAN) and self._has(word.removesuffix(_ONE_IN_PERSIAN))
        )
        plural = plural or (self._language == "fa" and word.endswith(_MANY_IN_PERSIAN))
        self._is_definite = self._begins_with_article(word)
        yield Token(NOUN, name.split(",")[0], plural or said.plural, groups=groups, apart=apart)
        for role in said.after:
            yield Token(PARTICLE, role)

    def _begins_with_article(self, word: str) -> bool:
        article = _DEFINITE.get(self._language, "\0")
        return word.startswith(article) and (self._language == "ar" or self._has(word.removeprefix(article)))

    def _has(self, word: str) -> bool:
        return word in self._own or word in self._glossary.exact

    def _unspaced(self) -> Iterator[Token]:
        offset = len(self._gloss.parts)
        pieces = cut_words(self._clause, self._language, self._lexicon, self._nearest, self._glossary)
        self._gloss.parts += list(self._clause)
        for piece in pieces:
            if piece.entry is not None:
                start = piece.start + offset
                self._gloss.found.append(_said(piece.text, start, start + len(piece.text), piece.entry))
                yield from self._from_entry(piece.text, piece.entry)
            elif piece.named is not None:
                each = piece.named
                self._gloss.found.append(each._replace(start=each.start + offset, end=each.end + offset))
                groups = frozenset(one.group for one in each.match.meanings)
                if groups <= _COLOURS:
                    yield Token(ADJECTIVE, each.match.name)
                else:
                    yield from self._noun(each.match.name, each.text)
            else:
                yield Token(STRANGE, piece.text)


def _said(text: str, start: int, end: int, entry: Entry) -> Named:
    """A word of the dictionary, which is none that is not known."""
    meanings = (Meaning("", entry.english),) if entry.kind == NOUN else ()
    return Named(start, end, text.lower(), Match(text, meanings, 1.0))


def told_in_own_words(words: Mapping[str, str], english: str) -> str:
    """What a thing with an English name is called in the text; else the name."""
    if english in words:
        return words[english]
    return next((own for name, own in words.items() if name and (english.startswith(name) or name in english)), english)
