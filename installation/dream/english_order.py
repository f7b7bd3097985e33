"""Puts the words of another language, in English, into the order of English: "on table sleeps cat" is a cat on it.

Here are languages that say the verb in the midst, or first; `verb_last` has the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from installation.dream.dressed_phrases import dressed
from installation.dream.english_forms import TIMES, located, participle
from installation.dream.english_phrases import (
    ACTORS,
    AND,
    AT_REST,
    BARE,
    BE,
    CLOTHES,
    DOING,
    GIVEN,
    NP,
    OF,
    OF_ONESELF,
    OTHER,
    THAT,
    THERE,
    TIME,
    NounParts,
    Phrase,
    Token,
    is_bare,
    is_pronoun,
    numbered,
    other,
    owned,
    plain,
    sentence,
    with_adjective,
)
from installation.dream.free_order import with_verbs_last
from installation.dream.verb_last import phrases_of_verb_last
from installation.text.glossary import (
    ADJECTIVE,
    ADVERB,
    AFTER,
    ARTICLE,
    BEFORE,
    COUNTER,
    NOUN,
    NUMBER,
    PARTICLE,
    STRANGE,
    UNREAD,
    VERB,
    Glossary,
)

_AGED = ("old man", "old woman")
WITH, WITHOUT = "with", "without"
_MEASURES = (
    "cup",
    "glass",
    "bottle",
    "basket",
    "bowl",
    "plate",
    "bucket",
    "sack",
    "box",
    "pot",
    "bouquet",
    "group",
    "herd",
)
_HELD_BY_VERB = " a "  # in a verb with its object: "fly a kite"
_MODIFIER = "modifier"  # an adjective that was said after its noun


def in_english_order(tokens: Sequence[Token], glossary: Glossary) -> str:
    """The words of one clause as an English sentence.

    Args:
        tokens: In the order of their language.
        glossary: Of that language, with where it says verbs and adjectives.
    """
    if glossary.verb_free:
        tokens = with_verbs_last(tokens)
    if glossary.verb_last:
        return sentence(dressed(phrases_of_verb_last(tokens, glossary.adjective_after)))
    phrases = _Phrases(tokens, glossary.adjective_after, glossary.owner_marked).all()
    if glossary.relative_verb_last:
        phrases = _verb_before_object(phrases)
    return sentence(dressed(_given_last(_object_first(_subject_first(phrases, glossary.verb_first)))))


def _verb_before_object(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with the verb of a clause before its object: "a dragon that potatoes peels"."""
    that = next((index for index, each in enumerate(phrases) if each.kind == OTHER and each.words == THAT), None)
    verb = next((index for index, each in enumerate(phrases) if each.kind == DOING), None)
    if (
        that is None
        or verb is None
        or verb < that + 2
        or any(not phrases[index].role and phrases[index].kind != NP for index in range(that + 1, verb))
    ):
        return phrases
    return [*phrases[: that + 1], phrases[verb], *phrases[that + 1 : verb], *phrases[verb + 1 :]]


def _object_first(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with the object of a verb before times and places: "lights in the evening the lamp"."""
    verb = next((index for index, each in enumerate(phrases) if each.kind == DOING), None)
    if verb is None or not any(is_bare(each) or is_pronoun(each) for each in phrases[:verb]):
        return phrases
    what = verb + 1
    while what < len(phrases) and (
        phrases[what].role == TIME or (phrases[what].kind == NP and phrases[what].role not in BARE)
    ):
        what += 1
    if verb + 1 < what < len(phrases) and is_bare(phrases[what]):
        return [*phrases[: verb + 1], phrases[what], *phrases[verb + 1 : what], *phrases[what + 1 :]]
    return phrases


def _given_last(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with to whom something is given behind that: "gives the flower to the soldier"."""
    for index in range(1, len(phrases) - 2):
        doing, whom = phrases[index : index + 2]
        if doing.words not in GIVEN or not is_bare(whom) or whom.head not in ACTORS:
            continue
        what = index + 2
        while what < len(phrases) and phrases[what].kind == NP and not is_bare(phrases[what]):
            what += 1
        if what < len(phrases) and is_bare(phrases[what]):
            between, behind = phrases[index + 2 : what], phrases[what + 1 :]
            return [*phrases[: index + 1], phrases[what], replace(whom, role="to"), *between, *behind]
    return phrases


class _Phrases:
    """Gathers the phrases of a language whose prepositions come before nouns."""

    def __init__(self, tokens: Sequence[Token], adjective_after: bool, owner_marked: bool = False) -> None:
        self._tokens, self._adjective_after, self._owner_marked = tokens, adjective_after, owner_marked
        self._found: list[Phrase] = []
        self._noun, self._role, self._last = NounParts(), "", ""  # `last`: the kind of the token before
        self._owner: Phrase | None = None
        self._owned = False  # whether adjectives in the genitive stand between the last noun and here
        self._unread = False  # whether an unknown word stands between the last noun and here

    def all(self) -> list[Phrase]:
        """The phrases in the order of the text."""
        for index, token in enumerate(self._tokens):
            following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
            self._last = self._take(token, following)
        return self._found + self._noun.left_over(self._found, self._role)

    def _take(self, token: Token, following: Token | None) -> str:
        """Add a token; returns its kind."""
        next_kind = following.kind if following is not None else ""
        if token.kind == STRANGE:
            self._found += [] if self._found else [Phrase(OTHER, "", role=TIME)]  # where something is, perhaps
            self._noun, self._role = NounParts(), ""
        elif token.kind == UNREAD:
            self._unread = True
        elif token.kind == NOUN:
            self._add_noun(token, next_kind)
            self._unread = False
        elif token.kind == ADJECTIVE:
            return self._add_adjective(token, next_kind)
        elif token.text == AND and next_kind == ADJECTIVE and self._last == _MODIFIER and self._adjective_after:
            self._found[-1] = with_adjective(self._found[-1], AND)
            return _MODIFIER
        elif token.kind == ARTICLE:
            self._owned = token.attributive and self._follows_noun
            self._noun.article = self._noun.article or token.text
        elif token.kind == NUMBER:
            self._add_number(token, next_kind)
        elif token.kind == BEFORE and token.text in ("to", OF) and self._last == BEFORE and self._role:
            pass  # "under to the tree"
        elif token.kind == BEFORE:
            self._found += self._noun.left_over(self._found, self._role)
            is_article = token.text == OF and (not self._found or self._found[-1].kind == DOING)  # French "des canards"
            self._role = "" if is_article else token.text
        elif token.kind == AFTER and self._last in (STRANGE, UNREAD):
            pass  # of what is not known
        elif token.kind == AFTER and self._last == BEFORE and self._role:
            self._role = ""  # Chinese "at behind": no noun stands between them
        elif token.kind == AFTER and self._found and self._found[-1].kind == NP:
            self._found[-1] = replace(self._found[-1], role=token.text)
        elif token.kind == PARTICLE and self._last in (ADJECTIVE, ADVERB):
            return self._last
        elif token.kind == PARTICLE:
            self._noun.suffix, self._owner, self._found = _before_particle(self._found)
        elif token.kind == VERB and self._noun.adjectives == ["old"] and not self._found:
            self._add_noun(Token(NOUN, "man"))  # "the old reads"
            self._found.append(other(token))
        elif token.kind != COUNTER and not (token.text == BE and self._last == BEFORE):  # Dutch "zijn": "in his"
            self._found += [*self._noun.left_over(self._found, self._role), other(token)]
            self._role = "" if token.kind == VERB else self._role
            self._owned = self._owned and token.kind != VERB
            self._unread = False
        return token.kind

    @property
    def _follows_noun(self) -> bool:
        after = self._last in (NOUN, _MODIFIER) and not self._role and self._noun.is_empty
        return after and bool(self._found) and self._found[-1].kind == NP

    def _add_noun(self, token: Token, next_kind: str = "") -> None:
        adjacent = self._follows_noun
        if adjacent and next_kind == VERB and self._found[-1].role not in (*BARE, OF):
            adjacent = False  # "in the forest the fox sleeps"
        if adjacent and self._found[-1].head in _AGED:  # "old man fisherman"
            self._found.pop()
            self._noun.adjectives.append("old")
            adjacent = False
        adjacent = adjacent and not token.apart
        does = self._unread and bool(self._found) and is_bare(self._found[-1])  # "the firemen [rescue] a cat"
        adjacent = adjacent or (self._owned and not self._role)
        self._owned = False
        joined = "" if self._is_second_object() or self._is_late_object() else OF if adjacent else WITH if does else ""
        made = self._noun.phrase(token, self._role or joined)
        if made.role == OF and made.head in CLOTHES:
            made = replace(made, role="in")
        if (adjacent or does) and made.head in TIMES:
            made = replace(made, role=located(made.head))
        if self._owner is not None:
            made, self._owner = owned(made, self._owner), None
        self._found.append(made)
        self._role = ""

    def _is_second_object(self) -> bool:
        """Whether the next noun is the second behind a verb of giving, or behind one that stands before its subject."""
        if len(self._found) < 2 or self._found[-2].kind != DOING:
            return False
        *before, doing, _ = self._found
        return doing.words in GIVEN or not any(map(is_bare, before))

    def _is_late_object(self) -> bool:
        """Whether the next noun is the object of a verb, behind a place: "play in the park [chess]"."""
        verb = next((index for index, each in enumerate(self._found) if each.kind == DOING), None)
        if verb is None or not self._owner_marked or self._found[-1].head in _MEASURES:
            return False
        return self._found[-1].role not in (*BARE, OF) and not any(map(is_bare, self._found[verb + 1 :]))

    def _add_adjective(self, token: Token, next_kind: str) -> str:
        if self._last == STRANGE and self._adjective_after:
            return STRANGE
        if self._last == VERB and self._adjective_after and _HELD_BY_VERB in self._found[-1].words:
            doing, _, thing = self._found[-1].words.rpartition(" ")  # "fly a kite red"
            self._found[-1] = replace(self._found[-1], words=f"{doing} {token.text} {thing}")
            return VERB
        if self._follows_noun and (self._adjective_after or next_kind not in (NOUN, ADJECTIVE, NUMBER)):
            if self._found[-1].role == WITHOUT and token.text.endswith("ing"):
                before = [with_adjective(each, token.text) for each in self._found[-2:-1]]
                self._found[-2:] = [*before, self._found[-1]]
                return _MODIFIER  # "a fisherman without a boat, sitting"
            self._found[-1] = with_adjective(self._found[-1], token.text)
            return _MODIFIER
        self._owned = token.attributive and (self._owned or self._follows_noun)
        self._noun.adjectives.append(token.text)
        return ADJECTIVE

    def _add_number(self, token: Token, next_kind: str) -> None:
        if self._last in (NOUN, _MODIFIER) and self._adjective_after and next_kind != NOUN:
            self._found[-1] = numbered(self._found[-1], token.text)
        else:
            self._noun.number = token.text


def _before_particle(found: list[Phrase]) -> tuple[str, Phrase | None, list[Phrase]]:
    """What the phrases before a Chinese "of" say of the noun behind it: what it does, or whose it is; and the rest."""
    verb = next((index for index in reversed(range(len(found))) if found[index].kind == DOING), None)
    if verb and is_bare(found[verb - 1]) and found[-1].kind == NP and found[-1].role not in BARE:
        return "", found[-1], found[:-1]  # "the cat watches [in the bowl] of the fish"
    if verb is None:
        owner = found[-1] if found and found[-1].kind == NP else None
        return "", owner, found[:-1] if owner else found
    begin = verb
    while begin and found[begin - 1].kind == NP and found[begin - 1].role not in BARE:
        begin -= 1
    places = [*found[begin:verb], *(each for each in found[verb + 1 :] if not is_bare(each))]
    objects = [each for each in found[verb + 1 :] if is_bare(each)]
    words = [participle(found[verb].words), *map(plain, objects), *(f"{each.role} {plain(each)}" for each in places)]
    return " ".join(words), None, found[:begin]


def _subject_first(phrases: Sequence[Phrase], verb_first: bool) -> list[Phrase]:
    """The phrases with the subject before its verb, and places and times behind."""
    verb = next((index for index, each in enumerate(phrases) if each.kind == DOING), None)
    if verb is None:
        return _going(_behind_first_noun(phrases))
    before, doing, after = list(phrases[:verb]), phrases[verb], list(phrases[verb + 1 :])
    if before and before[0].words == THAT:
        return list(phrases)
    subject = next((index for index, each in enumerate(before) if is_bare(each) or is_pronoun(each)), None)
    if subject is not None:
        leading = [each for each in before[:subject] if each.words not in (AND, "while", "but")]
        own, within = _own_phrases(before[subject:])
        end = next((index for index, each in enumerate(after) if _ends_clause(each)), len(after))
        return [*own, doing, *after[:end], *within, *leading, *after[end:]]
    end = next((index for index, each in enumerate(after) if _ends_clause(each)), len(after))
    if end and is_pronoun(after[0]):  # German "am Morgen tanzen wir"
        return [after[0], doing, *after[1:end], *before, *after[end:]]
    bare = [index for index in range(end) if is_bare(after[index])]
    at_rest = doing.words.split(" ")[0] in AT_REST or doing.words in (BE, THERE)
    if doing.person == 1 or doing.words in OF_ONESELF:
        return [Phrase(OTHER, "I"), doing, *after[:end], *before, *after[end:]]
    is_turned = bool(before) and bool(bare) and after[bare[0]].head in ACTORS  # "at dawn drinks a deer"
    if bare and (at_rest or len(bare) > 1 or verb_first or is_turned):
        first = bare[0]
        last = first + 1
        while last < end and _is_of_noun(after[last]):
            last += 1
        own, rest = after[first:last], [*after[:first], *after[last:end]]
        if doing.words == THERE:
            return [*own, *rest, *before, *after[end:]]
        return [*own, doing, *rest, *before, *after[end:]]
    if doing.words in (BE, THERE) or not (before or after):
        return [*after[:end], *before, *after[end:]]
    return [Phrase(OTHER, "someone"), doing, *after[:end], *before, *after[end:]]


def _is_of_noun(phrase: Phrase, *roles: str) -> bool:
    """Whether a phrase, also one of these roles, belongs to the noun before: "the girl in the blue dress"."""
    return phrase.role in (OF, "with", *roles) or (phrase.role == "in" and phrase.head in CLOTHES)


def _ends_clause(phrase: Phrase) -> bool:
    return phrase.kind == DOING or (phrase.kind == OTHER and phrase.words in (THAT, AND, "while", "but"))


def _own_phrases(phrases: Sequence[Phrase]) -> tuple[list[Phrase], list[Phrase]]:
    """What stands before a verb, from its subject on, without places just before the verb, and these."""
    last = max(index for index, each in enumerate(phrases) if is_bare(each) or is_pronoun(each)) + 1
    while last < len(phrases) and _is_of_noun(phrases[last], ""):
        last += 1
    return list(phrases[:last]), list(phrases[last:])


def _going(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases with "go" behind somebody who is on the way, as "a fox through the field"."""
    place = next((index for index, each in enumerate(phrases) if each.role in ("through", "along", "across")), 0)
    if place == 0 or not is_bare(phrases[0]) or phrases[0].head not in (*ACTORS, "train"):
        return phrases
    return [*phrases[:place], Phrase(DOING, "go"), *phrases[place:]]


def _behind_first_noun(phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases with places that are said first behind what is there: "on the table three apples"."""
    first = next((index for index, each in enumerate(phrases) if is_bare(each)), None)
    leading = phrases[:first] if first else ()
    if first is None or not all(each.role for each in leading):
        return list(phrases)
    last = first + 1
    while last < len(phrases) and _is_of_noun(phrases[last]):
        last += 1
    return [*phrases[first:last], *leading, *phrases[last:]]
