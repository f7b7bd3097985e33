"""Puts the verb of a clause behind its nouns, in languages whose cases say who does what: Hungarian and Finnish.

There "a boy builds a house", "a house-accusative a boy builds" and "builds a boy a house" are the same. With the verb
behind its nouns, `verb_last` reads all three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from installation.dream.english_phrases import AND, BE, OBJECT, OF, THERE, Token
from installation.text.glossary import ADJECTIVE, ARTICLE, BEFORE, NOUN, NUMBER, PARTICLE, VERB, WORD

_OF_NOUNS = (ADJECTIVE, NUMBER, ARTICLE)
_BEFORE_NOUNS = (NOUN, *_OF_NOUNS)
_NOTHING = Token("", "")


@dataclass(frozen=True)
class _Clause:
    """Tokens of a clause, and where its verbs are that say what somebody does."""

    tokens: tuple[Token, ...]

    @property
    def verbs(self) -> list[int]:
        """Places of verbs, without those that are said of the noun that follows."""
        following = (*self.tokens, _NOTHING)[1:]
        return [
            place
            for place, (token, after) in enumerate(zip(self.tokens, following, strict=True))
            if token.kind == VERB and not (token.attributive and after.kind in _BEFORE_NOUNS)
        ]


def with_verbs_last(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a clause with each verb behind the nouns that it belongs to, and objects told from owners.

    Two verbs share the nouns between them at the "and", if there is one; else these belong to the first.
    """
    clause = _Clause(tuple(_with_objects(tokens)))
    verbs = clause.verbs
    if not verbs or any(token.kind == WORD and token.text in (BE, THERE) for token in clause.tokens):
        return list(clause.tokens)
    ends = [_border(clause.tokens, first, second) for first, second in pairwise(verbs)]
    starts = [0, *ends]
    found: list[Token] = []
    for verb, start, end in zip(verbs, starts, [*ends, len(clause.tokens)], strict=True):
        found += [*clause.tokens[start:verb], *clause.tokens[verb + 1 : end], clause.tokens[verb]]
    return found


def _border(tokens: Sequence[Token], first: int, second: int) -> int:
    """Where what belongs to the second of two verbs begins."""
    ands = [place for place in range(first + 1, second) if tokens[place].text == AND]
    return ands[-1] if ands else second


def _with_objects(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, with Finnish objects that look like owners, and without objects that are counted nouns."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if token.kind == PARTICLE and token.text == OBJECT and _is_counted(tokens, place - 1):
            continue  # "two of child"
        is_object = token.kind == PARTICLE and token.text == OF and not _is_owner(tokens, place)
        found.append(token._replace(text=OBJECT) if is_object else token)
    return found


def _first_of_noun(tokens: Sequence[Token], noun: int) -> int:
    """Where what belongs to the noun at a place begins."""
    while noun and tokens[noun - 1].kind in _OF_NOUNS:
        noun -= 1
    return noun


def _is_counted(tokens: Sequence[Token], noun: int) -> bool:
    first = _first_of_noun(tokens, noun)
    return any(token.kind == NUMBER for token in tokens[first:noun])


def _is_owner(tokens: Sequence[Token], particle: int) -> bool:
    """Whether a noun in the genitive owns the next one: not if it follows its verb, and the next one says where."""
    following = tokens[particle + 1 :]
    if not following or following[0].kind not in _BEFORE_NOUNS:
        return False
    first = _first_of_noun(tokens, particle - 1)
    if not first or tokens[first - 1].kind not in (VERB, BEFORE):
        return True
    owned = next((place for place, token in enumerate(following) if token.kind == NOUN), None)
    role = following[owned + 1] if owned is not None and owned + 1 < len(following) else _NOTHING
    return not (role.kind == PARTICLE and role.text not in (OBJECT, OF))
