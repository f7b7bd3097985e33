"""The phrases of an English text that name something: the longest ones of the lexicon, and nouns that it lacks."""

from __future__ import annotations

from collections.abc import Sequence

from installation.dream.act_words import ACT_OF
from installation.dream.arrangement_words import ACTS, COUNTS, MARKED_COLOURS, NUMBERS, PLACES, SIZES, UNKEPT
from installation.dream.compounds import Piece
from installation.dream.english_words import (
    COLLECTIVES,
    DETERMINERS,
    FALSE_FRIENDS,
    PREPOSITIONS,
    RATHER_VERBS,
    RELATIONS,
    WEAK,
    function_words,
    is_strange_or_abstract,
    is_unknown_noun,
)
from installation.dream.given_names import OWNING, is_given_name, is_named_after, person_named, title_named
from installation.dream.term import COLOUR_GROUPS
from installation.dream.word_kinds import meanings_of_kind
from installation.models.lexicon import MAX_WORDS, Lexicon, Meaning, base_forms


def pieces_of(words: Sequence[str], verbs: frozenset[int], names: frozenset[int], lexicon: Lexicon) -> list[Piece]:
    """The longest phrases of the lexicon, and nouns that it does not have.

    Args:
        words: In lower case, with punctuation as words of their own.
        verbs: The places of words that are verbs.
        names: The places of words that are written as names.
        lexicon: Of the generator.
    """
    pieces: list[Piece] = []
    position = 0
    while position < len(words):
        if words[position] in DETERMINERS and _unshown(words, position + 1, lexicon):
            position += 1  # "a cricket bat"
        if pieces and pieces[-1].is_figure and _is_called(pieces[-1], words, position, names, lexicon):
            position += 1
            continue
        piece = _unshown(words, position, lexicon) or _longest(words, position, verbs, lexicon)
        if piece is None or piece.end == position + 1:
            if is_named_after(words, position, lexicon):
                position += 2  # "Bruno the dog"
                continue
            piece = _person(words, position, names, lexicon) or piece
        acts = words[position] in ACT_OF and (position == 0 or words[position - 1] not in DETERMINERS)
        does = acts or PLACES.get(words[position]) in ACTS
        if piece is None and position not in verbs and not does and is_unknown_noun(words, position):
            is_foreign = len(words) == 1 and any(words[0] in own for own in lexicon.languages.values())
            meanings, label = ((), "") if is_foreign else meanings_of_kind(words[position], lexicon)
            piece = Piece(position, position + 1, meanings, False, words[position], label)
        if piece is None and _is_name(words, position, names, lexicon):
            end = next(end for end in range(position + 1, len(words) + 1) if not _is_name(words, end, names, lexicon))
            piece = Piece(position, end, (), False, " ".join(words[position:end]))
        elif piece is None and position not in verbs and not does and is_strange_or_abstract(words, position):
            piece = Piece(position, position + 1, (), False, words[position], abstract=True)
        pieces += [piece] if piece else []
        position = piece.end if piece else position + 1
    return pieces


def _is_called(bearer: Piece, words: Sequence[str], position: int, names: frozenset[int], lexicon: Lexicon) -> bool:
    """Whether a word is what the figure before it is called: "my neighbour Kevin", "our cat Luna"."""
    if bearer.end != position:
        return False
    own = bearer.start > 0 and words[bearer.start - 1] in OWNING
    is_name = is_given_name(words[position]) or _is_name(words, position, names, lexicon)
    return is_name or (own and position in names)


def _person(words: Sequence[str], position: int, names: frozenset[int], lexicon: Lexicon) -> Piece | None:
    """Somebody who is called by a given name, with the surname, or by a title and a surname."""
    meanings = person_named(words, position, names, lexicon)
    end = position + 1
    if not meanings:
        meanings = title_named(words, position, names, lexicon)
        end += bool(meanings)
    if not meanings:
        return None
    while end in names and words[end] not in function_words() and not words[end - 1].endswith("'s"):
        end += 1
    return Piece(position, end, meanings, False, " ".join(words[position:end]))


def _is_name(words: Sequence[str], position: int, names: frozenset[int], lexicon: Lexicon) -> bool:
    """Whether a word is written as a name, and no other word that is known."""
    if position not in names or words[position] in function_words():
        return False
    return not any(lexicon.has(form) for form in base_forms(words[position]))


def _unshown(words: Sequence[str], position: int, lexicon: Lexicon) -> Piece | None:
    """A thing that is none of what its words name, and not shown: "hot dogs", "a cricket bat"."""
    for first, second in (words[position : position + 2],) if position + 1 < len(words) else ():
        for form in base_forms(second):
            if f"{first} {form}" in lexicon.compounds:
                return Piece(position, position + 2, (), False, f"{first} {second}")
    return None


def _longest(words: Sequence[str], position: int, verbs: frozenset[int], lexicon: Lexicon) -> Piece | None:
    """The longest phrase that begins here, if none that begins inside it is longer: "the end of the world"."""
    for length in range(min(MAX_WORDS, len(words) - position), 0, -1):
        found = _look_up(words[position : position + length], lexicon, alone=len(words) == 1)
        if not found or _is_cut(words, position, length, lexicon):
            continue
        if length == 1 and (
            _is_talk(words, position, found[0]) or (position in verbs and _is_plain_verb(words, position))
        ):
            continue
        counted = _counted_figure(words, position, lexicon) if length == 1 else ()
        text = " ".join(words[position : position + length])
        return Piece(position, position + length, counted or found[0], found[1] and not counted, text)
    return None


OBJECTS = frozenset(["them", "it", "him", "me", "us", "you"])


def _is_plain_verb(words: Sequence[str], position: int) -> bool:
    """Whether a verb says nothing of who does it: "keeps", and "lights a match", but "dances"."""
    return words[position] not in WEAK or not (DETERMINERS | OBJECTS).isdisjoint(words[position + 1 : position + 2])


def _is_cut(words: Sequence[str], position: int, length: int, lexicon: Lexicon) -> bool:
    """Whether a phrase is torn from what follows: by "of", or by a longer phrase that begins inside it."""
    end = position + length
    if words[end - 1] in COLLECTIVES and words[end : end + 1] == ["of"]:
        return any(word not in function_words() for word in words[end:])  # "a crowd of penguins"
    if words[end - 1] in RELATIONS and words[end : end + 1] == ["of"]:
        return any(word not in function_words() for word in words[end:])
    least = length + (words[position] not in DETERMINERS)  # "the deep sea" is no "the deep"
    return any(
        _look_up(words[start : start + longer], lexicon)
        for start in range(position + 1, end)
        for longer in range(max(least, end - start + 1), min(MAX_WORDS, len(words) - start) + 1)
    )


def _counted_figure(words: Sequence[str], position: int, lexicon: Lexicon) -> tuple[Meaning, ...]:
    """What one of several counted things is, if that is a figure: "three birds" are no flock in the distance."""
    before = reversed(words[max(0, position - 3) : position])
    near = next((word for word in before if not (_is_look(word, lexicon) or word.endswith("ing"))), "")
    if NUMBERS.get(near) not in COUNTS and near not in UNKEPT:
        return ()
    own = lexicon.names.get(words[position], ())
    if any(one.group == "sky" for one in own) and (near in UNKEPT or NUMBERS.get(near) == "crowd"):
        return ()  # "hundreds of stars" are a sky full of them
    meanings = (lexicon.names.get(form, ()) for form in base_forms(words[position]))
    return next((each for each in meanings if any(one.group == "subject" for one in each)), ())


def _is_look(word: str, lexicon: Lexicon) -> bool:
    """Whether a word between a number and a noun says what the noun looks like: "eleven small blue birds"."""
    return word in ("of", "full") or word in SIZES or word in MARKED_COLOURS or _is_colour(lexicon.names.get(word, ()))


def _look_up(words: Sequence[str], lexicon: Lexicon, alone: bool = False) -> tuple[tuple[Meaning, ...], bool] | None:
    phrase = " ".join(words)
    if "-" in phrase and phrase not in lexicon.names:
        phrase = phrase.replace("-", " ")
    for table, mood in ((lexicon.names, False), (lexicon.moods, True)):
        if phrase in table:
            return table[phrase], mood
    last = phrase.split()[-1]
    start = phrase.removesuffix(last)
    for form in base_forms(last):
        if start + form in lexicon.names and not (form != last and _is_colour(lexicon.names[start + form])):
            return lexicon.names[start + form], False
    is_foreign = phrase in lexicon.foreign and (alone or phrase not in FALSE_FRIENDS)
    return (lexicon.foreign[phrase], False) if is_foreign else None


def _is_colour(meanings: Sequence[Meaning]) -> bool:
    """Whether a word is nothing but a colour, which has no plural: "plums" are fruit."""
    return bool(meanings) and all(one.group in COLOUR_GROUPS for one in meanings)


def _is_talk(words: Sequence[str], position: int, meanings: tuple[Meaning, ...]) -> bool:
    """Whether a single word is no name here: a function word, a number, or a verb after its subject."""
    word, before = words[position], words[position - 1] if position else ""
    if word in COLLECTIVES and words[position + 1 : position + 2] == ["of"]:
        return True
    if word in function_words() and not any(one.label in ("nobody", "alone") for one in meanings):
        return True
    if word == "home" and before and before[0].isalpha():  # "the last train home"
        return before not in DETERMINERS | PREPOSITIONS | {"of", "from", "old", "sweet"}
    return word in RATHER_VERBS and before not in DETERMINERS
