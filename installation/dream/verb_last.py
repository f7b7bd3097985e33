"""Gathers the phrases of languages whose verb is last and whose prepositions follow nouns: Turkish, Japanese, Hindi."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from installation.dream.english_forms import TIMES, located, participle
from installation.dream.english_phrases import (
    ACTORS,
    AND,
    AT_REST,
    BE,
    DOING,
    LOCATED,
    NP,
    OBJECT,
    OF,
    OF_ONESELF,
    OTHER,
    PEOPLE,
    SUBJECT,
    THERE,
    TIME,
    TOPIC,
    NounParts,
    Phrase,
    Token,
    is_bare,
    is_object_of,
    is_pronoun,
    numbered,
    owned,
    placed,
    plain,
    with_adjective,
)
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
    WORD,
)

_BEFORE_NOUN = (NOUN, ADJECTIVE, NUMBER, ARTICLE)
_ALONE = ("fall", "sleep", "sit", "stand", "lie", "shine", "swim", "run", "walk", "go", "come", "rise", "set")
_MATERIALS = ("stone", "wood", "iron", "gold", "paper", "glass")  # nouns as well, which somebody throws or carries
_SINGLE = "a single"
_NOTHING = Token("", "")


def phrases_of_verb_last(tokens: Sequence[Token], adjective_after: bool = False) -> list[Phrase]:
    """The phrases of a clause in the order of English.

    Args:
        tokens: In the order of their language.
        adjective_after: Whether adjectives follow their noun, as in Persian.
    """
    return _VerbLast(tokens, adjective_after).all()


class _VerbLast:
    """Takes the tokens of one clause one by one."""

    def __init__(self, tokens: Sequence[Token], adjective_after: bool) -> None:
        self._adjective_after = adjective_after
        self._tokens = [_NOTHING, *tokens, _NOTHING, _NOTHING]
        self._done: list[Phrase] = []  # clauses
        self._pending: list[Phrase] = []  # phrases whose verb has not come
        self._noun = NounParts()
        self._owner: Phrase | None = None
        self._coming = ""  # the role of the next noun: Hindi "without" may stand before it

    def all(self) -> list[Phrase]:
        """The phrases of all its tokens."""
        for place in range(1, len(self._tokens) - 2):
            self._take(place)
        self._pending += [self._owner] if self._owner is not None else []
        self._pending += self._noun.left_over(self._pending)
        return [*self._done, *_together(_places_last(self._pending))]

    def _take(self, place: int) -> None:
        before, token, following = self._tokens[place - 1 : place + 2]
        if token.kind == ADJECTIVE and token.text in _MATERIALS and following.kind == VERB and before.kind:
            token = token._replace(kind=NOUN)
        if token.kind == STRANGE:
            self._noun, self._owner = NounParts(), None
        elif token.kind == UNREAD or (before.kind in (STRANGE, UNREAD) and token.kind in (PARTICLE, AFTER)):
            pass  # of what is not known
        elif token.kind == NOUN:
            is_time = token.text in TIMES and following.kind not in (PARTICLE, AFTER) and len(self._tokens) > 4
            made = self._noun.phrase(token, self._coming or (located(token.text) if is_time else ""))
            self._coming = ""
            owns = self._adjective_after and not token.apart and before.kind == NOUN and bool(self._pending)
            owns = owns and (following.kind != VERB or following.text in _ALONE)
            if owns and made.role == "" and self._pending[-1].role:
                made = replace(made, role=OF)  # Persian "on the branch of the tree", without an "of"
            self._pending.append(owned(made, self._owner) if self._owner is not None else made)
            self._owner = None
        elif token.kind == BEFORE:
            self._coming = token.text
        elif token.kind == ADJECTIVE and self._adjective_after and before.kind in (NOUN, ADJECTIVE) and self._pending:
            self._pending[-1] = with_adjective(self._pending[-1], token.text)
        elif token.kind == ADJECTIVE and following.kind in ("", VERB, WORD) and self._pending:
            bare = [index for index, each in enumerate(self._pending) if is_bare(each) or each.role == TOPIC]
            place = bare[-1] if bare else -1
            self._pending[place] = with_adjective(self._pending[place], token.text)  # "the sky is blue"
        elif token.kind == ADJECTIVE:
            self._noun.adjectives.append(token.text)
        elif token.kind == ARTICLE:
            self._noun.article = token.text
        elif token.text == _SINGLE and following.kind == VERB:
            self._pending.append(Phrase(OTHER, "alone", role=TIME))
        elif token.kind in (COUNTER, NUMBER):
            self._count(place)
        elif token.kind in (PARTICLE, AFTER):
            self._mark(before, token)
        elif token.kind == VERB and token.attributive and following.kind in _BEFORE_NOUN:
            self._noun.suffix, self._pending = _relative(token, self._pending, self._done)
        elif token.kind == VERB:
            if self._done and self._pending and self._pending[0].words == AND:
                self._pending.pop(0)  # "sits and looks at the moon"
            self._done += _clause(self._pending, token, bool(self._done))
            self._pending = []
        elif token.kind == ADVERB:
            self._pending.append(Phrase(OTHER, token.text, role=TIME))
        elif token.text in (BE, THERE):
            self._done += _places_last(self._pending)
            self._pending = []
        else:
            self._pending.append(Phrase(OTHER, token.text))

    def _count(self, place: int) -> None:
        """Add a number, of the noun before it or behind it, or what follows the number."""
        before, token, following, second = self._tokens[place - 1 : place + 3]
        last = next((one for one in reversed(range(len(self._pending))) if is_bare(self._pending[one])), None)
        if token.kind == COUNTER:
            if token.text in (SUBJECT, OBJECT, TOPIC) and last is not None:
                self._pending[last] = replace(self._pending[last], role=token.text)
            return
        has_counter = following.kind == COUNTER and before.kind in (NOUN, PARTICLE) and second.text != OF
        is_before = has_counter or following.kind not in (NOUN, ADJECTIVE, COUNTER)
        if is_before and last is not None and self._noun.is_empty:
            self._pending[last] = numbered(self._pending[last], token.text)
        else:
            self._noun.number = token.text

    def _mark(self, before: Token, token: Token) -> None:
        """Give the last noun the role that a particle or a postposition says."""
        if token.kind == AFTER and self._pending and self._pending[-1].words == AND:
            self._pending.pop()  # "and together"
        last = self._pending[-1] if self._pending and self._pending[-1].kind == NP else None
        if token.text == AND:
            self._pending.append(Phrase(OTHER, AND))
        elif token.text == OF and before.kind in (COUNTER, NUMBER, ADJECTIVE):
            pass  # "two of cats"
        elif token.text == OF:
            self._owner = self._pending.pop() if last is not None else None
        elif token.text == "without" and (last is None or before.kind != NOUN):
            self._coming = token.text
        elif last is not None and (token.kind == AFTER or last.role in ("", token.text)):
            place = "to" if last.head in PEOPLE else located(last.head)
            role = place if token.text == LOCATED else token.text
            self._pending[-1] = replace(last, role=role)


def _relative(verb: Token, pending: list[Phrase], done: list[Phrase]) -> tuple[str, list[Phrase]]:
    """What a verb before a noun says of it, and the phrases that it leaves; with a subject it is a clause."""
    begin = len(pending)
    while begin and pending[begin - 1].kind == NP and pending[begin - 1].role not in (SUBJECT, TOPIC):
        begin -= 1
    args, rest = pending[begin:], pending[:begin]
    if _may_be_subject(verb.text, args):
        done += _clause(pending, verb)  # of what rests, what has no role is the subject
        return "", []
    if rest and rest[-1].role == SUBJECT:
        done += _clause(pending, verb)
        return "", []
    words = [participle(verb.text), *(plain(each) for each in args if is_bare(each))]
    alone = not any(is_bare(each) for each in args)
    roles = [(each, placed(verb.text, each.role) if alone else each.role) for each in args if not is_bare(each)]
    words += [f"{role} {plain(each)}" for each, role in roles]
    return " ".join(words), rest


def _may_be_subject(verb: str, args: Sequence[Phrase]) -> bool:
    """Whether a noun without a role is what does a verb before another noun: of what rests, not of what is played."""
    named = any(each.role == "" and each.kind == NP and each.head not in TIMES for each in args)
    return named and _rests(verb) and verb.split(" ")[0] not in ("play", "fly")


def _clause(pending: Sequence[Phrase], verb: Token, is_later: bool = False) -> list[Phrase]:
    """Subject, verb, object, places; a later verb without a subject goes on about the one before."""
    doing = Phrase(DOING, verb.text, person=verb.person)
    named = [each for each in pending if each.kind == NP]
    subject = next((each for each in named if each.role in (SUBJECT, TOPIC)), None)
    if verb.text in OF_ONESELF and not any(each.role == OBJECT for each in named):
        return [Phrase(OTHER, "I"), doing, *pending]
    bare = [each for each in named if is_bare(each)]
    if (
        subject is None
        and bare
        and bare[0].role == ""
        and (len(bare) > 1 or _rests(verb.text) or bare[0].head in ACTORS)
    ):
        subject = bare[0]
    if subject is None:
        unnamed = Phrase(OTHER, "I" if verb.person == 1 else AND if is_later else "someone")
        first = [next((each for each in pending if is_pronoun(each)), unnamed)]
    else:
        place = next(index for index, each in enumerate(pending) if each is subject)
        first = [subject]
        if place > 1 and pending[place - 1].words == AND and pending[place - 2].kind == NP:
            first = list(pending[place - 2 : place + 1])
        elif place + 2 < len(pending) and pending[place + 1].words == AND and is_bare(pending[place + 2]):
            first = list(pending[place : place + 3])
    if subject is not None and subject.role == TOPIC:
        own = next((each for each in named if each.role == SUBJECT), None)
        first = [own] if own is not None and own is not subject and not is_bare(subject) else first
    rest = [each for each in pending if not any(each is one for one in first)]
    has_object = any(each.role == OBJECT for each in rest)
    objects = [
        each
        for each in rest
        if is_bare(each)
        or each.role == TOPIC
        or (each.kind == OTHER and not each.role)
        or (not has_object and is_object_of(verb.text, each))
    ]
    others = [each for each in rest if not any(each is one for one in objects)]
    return [*first, doing, *objects, *sorted(others, key=lambda each: each.role == TIME)]


def _rests(verb: str) -> bool:
    return verb.split(" ")[0] in AT_REST


def _together(phrases: list[Phrase]) -> list[Phrase]:
    """The phrases of a clause whose verb is not known: the first thing with the second."""
    if len(phrases) > 1 and is_bare(phrases[0]) and is_bare(phrases[1]):
        return [phrases[0], replace(phrases[1], role="with"), *phrases[2:]]
    return phrases


def _places_last(pending: Sequence[Phrase]) -> list[Phrase]:
    """Phrases without a verb: what is there first, then where."""
    things = [each for each in pending if not each.role or each.role in (SUBJECT, OBJECT, TOPIC)]
    return [*things, *(each for each in pending if not any(each is one for one in things))]
