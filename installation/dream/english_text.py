"""The words and phrases of an English text that name something, in their order.

1. The longest phrase counts: "red sun" is no sun in a red picture. "The end" is none before "of".
2. A colour belongs to the figure that follows it, or that "is" of this colour: "but make it blue". What a place is
   anyway ("a green meadow") does not tint the picture.
3. What something is compared to is marked (`comparison`), a verb is no noun (`verbs`), a compound is its last word
   (`compounds`), and the windows of a house are none of a room (`building_parts`).
4. Doing ("an owl sitting on a tree"), owners ("the dragon's eye") and light itself are weak: they are figures only if
   nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from installation.dream.act_words import ACT_OF
from installation.dream.actors import PEOPLE, as_raised, as_swimmers
from installation.dream.arrangement_words import (
    ACTS,
    COUNTS,
    GROWS,
    HOLDERS,
    HOLLOW,
    LED,
    LIGHT_BLUE,
    MARKED_COLOURS,
    NUMBERS,
    OF_SKY,
    PALE,
    PAPERS,
    PLACES,
    SIZE_MARKS,
    SIZES,
    SKY_COUNTS,
    UNKEPT,
    WORN,
    has_hand,
    is_beside,
    is_broken_there,
    is_hovering,
    is_natural,
    marks_of,
    number_of,
    place_of,
)
from installation.dream.body_parts import owned_parts
from installation.dream.building_parts import Thing, parts_of_buildings
from installation.dream.comparison import Comparison, is_metaphor
from installation.dream.compounds import Piece, heads
from installation.dream.enclosed_places import enclosed_places, sky_of
from installation.dream.english_pieces import pieces_of
from installation.dream.english_words import (
    BE,
    BODY,
    COLLECTIVES,
    DETERMINERS,
    EVENTS,
    LINKS,
    PARTS,
    WEAK,
    function_words,
    is_noun,
)
from installation.dream.materials import Material, made_of
from installation.dream.state_words import (
    ANGRY_COLOUR,
    KIND_OF,
    KINDS,
    SURFACES,
    covers,
    is_angry,
    is_pattern,
    material_of,
    states_after,
    states_said,
)
from installation.dream.term import Term
from installation.dream.verbs import PAUSES, verbs_of
from installation.dream.water_words import WATER, dyed_places, water_colours
from installation.dream.worn_things import colour_of_clothes, is_colour, worn_things
from installation.models.lexicon import Lexicon, Meaning, base_forms

_COVERED = re.compile(r"-(?=(covered|filled|lit|clad|topped|capped|swept)\b)")  # "snow-covered"
COVERINGS = ("ivy", "moss", "mud", "dust", "rust", "ice", "frost")  # "moss-covered", "covered in mud"
BIRDS = ("bird", "crow", "swan", "eagle", "owl")
FLAMES = ("candle", "lamp", "flame", "lighthouse", "lantern", "star")  # what burns without a fire
_TRADE = re.compile(r"\w{3,}?((?:wo)?m[ae]n)")  # "milkman", "policewomen"
LEAD = 4  # words before the first figure that say where somebody stands to it, at most
PERSON = "man"
SHELLED = ("turtle", "snail", "crab", "beetle", "ladybird", "lobster")  # of which a shell is a part
SHELLS = ("shell", "shells")
LEASHES = ("leash", "lead", "leashes")
DOINGS = frozenset([*PLACES, *ACT_OF, *GROWS])  # verbs between figures
COLOUR_REACH = 3  # words between a colour and its figure, at most

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[.,;:!?\u2026]")
_COLOURS = (
    *("red", "blue", "green", "yellow", "golden", "white", "black", "orange", "pink", "purple", "violet"),
    *("brown", "grey", "gray", "silver"),
)
_ADJECTIVE = rf"(?:{'|'.join((*SIZES, *_COLOURS))})"
_VERY = r"(?:(?:very|really|so|quite|super|extremely|rather|pretty) )*"
_MORE = rf"{_VERY}{_ADJECTIVE}(?:,? (?:and )?{_VERY}{_ADJECTIVE})*"
_AFTERWARDS = re.compile(  # "a dinosaur, a really big green one", "just one star, very small"
    rf"\b([\w'-]+), (?:an? )?({_MORE})(?: ones?)?(?= ?[.,;!?]|$)", re.IGNORECASE
)
_EACH = "|".join(_COLOURS)
_PLAIN = "film|photo|picture|movie|image|portrait|cliffs?|city|town|forest|sea|beach|street|landscape|sky|night|world"
_PAIR = re.compile(  # "a red and white tent"
    rf"\b({_EACH}) and ({_EACH})(?: (?:striped|stripy))?(?= (?!{_PLAIN})[a-z])", re.IGNORECASE
)
_HARDLY = re.compile(r"\b(?:(?:hardly|barely|scarcely) any|very few|only a few)(?= \w)", re.IGNORECASE)  # two
_OWNERS = re.compile(r"s['\u2019](?=\s\w)")  # "the neighbours' dog"
_IN_A = (["in", "a"], ["in", "her"], ["in", "his"], ["in", "their"], ["wearing", "a"], ["with", "a"])
_WITHOUT = frozenset(["without", "minus"])
_DRESSES = frozenset(["with", "wearing", "wears", "in"])
FLOCKS = frozenset(["many", "crowd"])  # numbers of a flock
_FLOCKS = ("flock", "flocks", "murder", "skein", "murmuration")


def find_terms(text: str, lexicon: Lexicon) -> list[Term]:
    """Split a text into the terms that name classes, and the nouns that name none."""
    words = words_of(text)
    verbs = verbs_of(words, lambda word: is_noun(word, lexicon))
    found = _without_lit_flames(heads(pieces_of(words, verbs, names_in(text), lexicon), words))
    enclosed = enclosed_places(found, words)
    found = [enclosed[piece.start][0] if piece.start in enclosed else piece for piece in found]
    pieces = {piece.start: piece for piece in found}
    things = [Thing(piece.start, piece.end, piece.text, piece.meanings) for piece in pieces.values()]
    parts = parts_of_buildings(things, words)
    owned = owned_parts(found, words)
    dyed = water_colours(found, words, lexicon)
    worn = dyed_places(dyed) | worn_things(found, words, lexicon)
    on_figure = any(thing.is_building or thing.is_room for thing in things)
    comparison = Comparison(words)
    terms: list[Term] = []
    since = after = sky = 0  # where the last thing ends, the last figure, and the last sun or moon
    earlier = 0  # where the thing before the last one ends
    figure = ""
    for position in range(len(words)):
        comparison.reach(position)
        piece = pieces.get(position)
        if piece is None or position in worn:
            continue
        if not piece.names("weather") and piece.text in COVERINGS and covers(words, piece.start, piece.end):
            since = piece.end if words[piece.end : piece.end + 1] != [] else since
            continue
        if figure in SHELLED and piece.text in SHELLS and "with" in words[after : piece.start]:
            said = _colour(terms.pop().text, lexicon) if _is_coloured(terms, words, position) else ""
            if said and terms and terms[-1].label("subject") == figure:
                terms[-1] = replace(terms[-1], colour=terms[-1].colour or said)
            since = piece.end
            continue
        if _is_part(words, piece, after):
            terms.append(Term(f"with {piece.text}", ()))
            continue
        if _is_absent(words, piece) or _is_of_nobody(words, piece, terms):
            terms = terms[:-1] if _is_coloured(terms, words, position) else terms
            since = piece.end
            continue
        if position in parts:
            colour = terms.pop().text if _is_coloured(terms, words, position) else ""
            terms += [Term(f"{colour} {piece.text}".strip(), ())] if colour or not on_figure else []
            since = piece.end
            continue
        if piece.text in LEASHES and terms and terms[-1].label("subject") in LED:
            terms[-1] = replace(terms[-1], lead="leash", place="leash" if len(_figures(terms)) > 1 else "")
            since = piece.end
            continue
        if is_pattern(words[piece.end - 1]) and "with" in words[after : piece.start] and after:
            terms = [one for one in terms if not (one.is_colour and one.text in words[after : piece.start])]
            continue
        if not piece.meanings:
            colour = terms.pop().text if terms and _is_said_before(terms[-1], words, position, lexicon) else ""
            unknown = _unknown(words, since, piece, lexicon)
            if colour and not unknown.meanings:
                unknown = replace(unknown, text=f"{colour} {unknown.text}")
            if after:  # it may be shown as something near
                unknown = replace(unknown, place=place_of(words, max(after, since), position, "", figure))
            terms += [] if comparison.active else [unknown]
            since = piece.end
            continue
        if terms and terms[-1].text == words[position - 1] and _is_of(terms[-1], piece):
            terms.pop()
        if owner := has_hand(words, piece.end - 1, next((one.label for one in piece.meanings), "")):
            held = words[position - 1] == "its" or any(term.label("subject") in HOLDERS for term in terms)
            if not held and not any(term.label("subject") in PEOPLE for term in terms):
                terms.append(Term(piece.text, (Meaning("subject", owner),), place="hand"))
            since = piece.end
            continue
        if position in owned:
            terms = terms[:-1] if _is_coloured(terms, words, position) else terms
            since = piece.end
            continue
        ahead = since == position and words[position - 1].endswith("ing")  # "two sleeping cats"
        term = _term(words, earlier if ahead else since, piece, position in verbs, lexicon)
        if position in enclosed:
            of_sky = sky_of(term.label("subject"))
            term = replace(term, meanings=(*term.meanings, *of_sky), marks=(*term.marks, *enclosed[position][1]))
        if position in dyed and dyed[position].colour:
            term = replace(term, marks=(*term.marks, dyed[position].colour + WATER))
        material = None if piece.mood or term.is_colour else made_of(words, piece.end, term.label("subject"))
        if material:
            worn |= set(range(piece.end, material.end))
            term = _of_material(term, material) if term.label("subject") else term
        likened = _likened(terms, term, words[since:position])
        if likened is not None:
            terms[likened:] = [replace(terms[likened], lost=(*terms[likened].lost, piece.text))]
            since = piece.end
            continue
        doing = bool(terms) and (terms[-1].weak or terms[-1].text in DOINGS)  # "a man walking his dog"
        cut = earlier if since == position and not piece.mood else since  # "on a snowy branch"
        dressed = term.label("subject") in WORN and not _DRESSES.isdisjoint(words[after:position])
        begin = after if words[since : since + 1] == ["of"] or doing or dressed else max(after, cut) if after else 0
        named_at = position + (PLACES.get(words[position]) in ACTS)  # "flying a kite"
        place = _place(words, (begin, sky), named_at, term.label("subject"), figure)
        if after and is_broken_there(words[after:position], term.label("subject")):
            term = replace(term, marks=(*(mark for mark in term.marks if mark not in KINDS[SURFACES]), "broken"))
        if place == "lifting":  # "carries a basket on her head"
            term = replace(term, marks=tuple(mark for mark in term.marks if mark != "upside down"))
        if terms and _is_sky_of_a_clause(terms[-1], words, since):
            place = ""  # "the whale breathed, and the stars came loose above the boat"
        if terms and not terms[-1].meanings and not BE.isdisjoint(words[after:since]):
            place = ""  # "every star is a hole in the roof"
        if term.label("subject") in HOLLOW and place == "on" and since > after and "in" in words[since:position]:
            place = ""  # "a girl carries the moon in a bucket"
        told = after or any(
            not one.meanings or one.label("terrain") for one in terms if not one.mood
        )  # what stands there is named
        begin = max(0 if doing else since, position - LEAD)
        lead = "" if told else place_of(words, begin, named_at, term.label("subject"), PERSON)
        beside = bool(after) and is_beside(words[after:position])
        along = bool(after) and "with" in words[after:position]
        terms.append(
            replace(
                term, compared=comparison.covers(term, piece.end), place=place, lead=lead, beside=beside, along=along
            )
        )
        if piece.mood and term.text in lexicon.mood_things:
            terms.append(Term(term.text, (), compared=terms[-1].compared))
        if term.label("terrain") and place == "above" and not is_hovering(words[after:position], figure):
            terms[-1] = replace(terms[-1], place="")
        is_own = term.label("subject") == figure and "with" in words[after:position]  # "a snowman with a carrot nose"
        if term.label("subject") and not (term.weak or term.mood or is_own):
            after, figure = piece.end, term.label("subject")
        if term.label("terrain") and not PLACES.keys().isdisjoint(words[sky : piece.start]):
            sky = 0  # "the moon behind the mountains, a dog" is not behind the dog
        sky = piece.end if term.label("celestial") else sky
        earlier = since
        since = since if term.is_colour or term.text in MARKED_COLOURS else piece.end
    return _with_flocks(_without_bound_colours(terms), words)


def _figures(terms: Sequence[Term]) -> list[Term]:
    """Those of the terms that are figures for certain."""
    return [term for term in terms if term.label("subject") and not (term.weak or term.mood)]


def _place(words: Sequence[str], ends: tuple[int, int], start: int, label: str, first: str) -> str:
    """How the figure before, or else the sun or moon before, stands to a figure; `ends` is where each of them ends."""
    after, sky = ends
    if after:
        return place_of(words, after, start, label, first)
    named = (PLACES[word] for word in words[sky:start] if word in PLACES) if sky else ()
    return next((place for place in named if f"{place} sky" in OF_SKY), "")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, with punctuation as words of their own."""
    return [word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for word in _tokens(text)]


def _tokens(text: str) -> list[str]:
    plain = _PAIR.sub(_pattern_of, _HARDLY.sub("two", text))
    return _WORD.findall(_AFTERWARDS.sub(r"\2 \1", _COVERED.sub(" ", _OWNERS.sub("'s", plain))))


def _pattern_of(found: re.Match[str]) -> str:
    """Paper of two colours: spots of black and white, or stripes of any others."""
    first, second = found[1].lower(), found[2].lower()
    return "white spotted" if {first, second} == {"black", "white"} else f"{first} striped"


def names_in(text: str) -> frozenset[int]:
    """Which of the words of a text are written as names are: with a capital letter inside a sentence."""
    tokens = _tokens(text)
    capitals = [index for index, token in enumerate(tokens) if token[0].isupper() and token not in ("I", "I'm", "I've")]
    if all(index in capitals for index, token in enumerate(tokens) if token[0].isalpha()):
        return frozenset()  # a title
    return frozenset(index for index in capitals if index and tokens[index - 1] not in (".", "!", "?", "\u2026", ":"))


def _is_coloured(terms: Sequence[Term], words: Sequence[str], position: int) -> bool:
    """Whether the last term is a colour of what begins at `position`."""
    return bool(terms) and terms[-1].is_colour and terms[-1].text == words[position - 1]


def _likened(terms: Sequence[Term], term: Term, between: Sequence[str]) -> int | None:
    """The index of the last thing before a term, if the text says that it is what the term names; else None."""
    index = next((index for index in reversed(range(len(terms))) if not terms[index].is_colour), None)
    return index if index is not None and is_metaphor(terms[index], term, between) else None


def _is_said_before(term: Term, words: Sequence[str], position: int, lexicon: Lexicon) -> bool:
    """Whether a term is a colour that stands right before what begins at `position`."""
    return term.text == words[position - 1] and is_colour(term.text, lexicon)


def _term(words: Sequence[str], since: int, piece: Piece, is_verb: bool, lexicon: Lexicon) -> Term:
    """What a piece names, with its colour and its marks; `since` is where the thing before ends."""
    if piece.mood:
        return Term(piece.text, piece.meanings, mood=True)
    span = (piece.start, piece.end)
    piece = piece._replace(meanings=as_raised(words, piece.start, as_swimmers(words, piece.end, piece.meanings)))
    is_figure = piece.names("subject")
    number = number_of(words, since, span)
    counts = bool(number) or words[piece.end - 1] not in WEAK
    marks = marks_of(words, since, span, piece.meanings, lexicon) if counts else ()
    is_kept = number not in UNKEPT and (not piece.names("celestial") or NUMBERS.get(number) in (*SKY_COUNTS, "one"))
    is_counted_place = piece.names("terrain") and not is_figure and NUMBERS.get(number) in COUNTS
    lost = (number,) if is_counted_place and number not in COLLECTIVES else ()
    label = next((one.label for one in piece.meanings if one.group == "subject"), "")
    is_listed = any(form in lexicon.names for form in base_forms(piece.text))
    named = span if is_listed else (piece.end - 1, piece.end)  # "sad clown" is none of the lexicon
    states = states_said(words, since, named, label) if is_figure else ()
    said_after = states_after(words, named[1], label) if states else ()
    colour = _colour_of(words, *span, lexicon, dressed=label in PEOPLE) if is_figure else ""
    if is_figure and not colour:
        colour = ANGRY_COLOUR if is_angry(words, since, named[0]) else material_of(words, named[0])
    scene = next((lexicon.scenes[form] for form in base_forms(piece.text) if form in lexicon.scenes), None)
    if scene:
        own = scene.figures[0][0]
        colour = colour or next((word for word in own if word in PAPERS), "")
        if "of" in piece.text.split():  # "a bunch of flowers"
            marks = tuple(mark for mark in marks if mark not in COUNTS)
        marks = (*marks, *(mark for mark in own if mark not in PAPERS and not _excludes(marks, mark)))
    return Term(
        piece.text,
        piece.meanings,
        colour=colour,
        shown_as=piece.kind or _stand_in(piece.text, piece.meanings, lexicon),
        marks=(*marks, *states),
        weak=is_figure and (is_verb or _is_weak(words, *span)),
        lost=(number,) if number and not is_kept and (is_figure or piece.names("celestial")) else lost,
        said_after=said_after,
        scene=scene,
    )


def _of_material(term: Term, material: Material) -> Term:
    """A figure in the colour and the state of what it is made of, unless the text says another one."""
    kinds = {KIND_OF[mark] for mark in term.marks if mark in KIND_OF}
    state = material.state if material.state and KIND_OF[material.state] not in kinds else ""
    return replace(term, colour=term.colour or material.colour, marks=(*term.marks, *([state] if state else [])))


def _excludes(marks: Sequence[str], mark: str) -> bool:
    """Whether one of the marks is another number or another size than a mark."""
    return any({mark, other} <= set(kind) for other in marks for kind in (COUNTS, SIZE_MARKS))


def _unknown(words: Sequence[str], since: int, piece: Piece, lexicon: Lexicon) -> Term:
    """A thing that no list knows, with the marks that it has if something is near enough to it; or a man of a trade."""
    span = (piece.start, piece.end)
    if (who := _TRADE.fullmatch(piece.text)) and " " not in piece.text:
        person = "woman" if who[1].startswith("wom") else "man"
        meanings = (Meaning("subject", person),)
        marks = marks_of(words, since, span, meanings, lexicon)
        if who[1].endswith("men") and not marks:
            marks = ("three",)
        return Term(piece.text, meanings, marks=marks, shown_as=person)
    marks = marks_of(words, since, span, (Meaning("subject", piece.text),), lexicon)
    if not marks and len(piece.text) > 3 and piece.text.endswith("s") and not piece.text.endswith(("ss", "us", "is")):
        marks = ("three",)
    number = number_of(words, since, span)
    return Term(piece.text, (), marks=marks, lost=(number,) if number in UNKEPT else ())


def _stand_in(phrase: str, meanings: Sequence[Meaning], lexicon: Lexicon) -> str:
    """The label that is shown of something that looks different, or ""."""
    found = next((lexicon.stand_ins[form] for form in base_forms(phrase) if form in lexicon.stand_ins), "")
    return found if any(one.label == found for one in meanings) else ""


def _is_weak(words: Sequence[str], start: int, end: int) -> bool:
    """Whether what names a figure is a verb, an owner, or light."""
    word = words[end - 1]
    if word.endswith("'s"):
        return words[end : end + 1] == [] or words[end] not in BODY  # "on an elephant's back"
    spoken_of = start > 0 and words[start - 1] in DETERMINERS and word not in EVENTS
    return end - start == 1 and not spoken_of and (word in WEAK or (word.endswith("ing") and len(word) > 5))


def _is_part(words: Sequence[str], piece: Piece, after: int) -> bool:
    """Whether it is a part of the figure that ends at `after`: "a lion with wings"."""
    return bool(after) and piece.text in PARTS and "with" in words[after : piece.start]


def _is_absent(words: Sequence[str], piece: Piece) -> bool:
    """Whether a text says in its midst that there is none: "the river keeps no letters"."""
    before = words[max(0, piece.start - 2) : piece.start]
    near = before[-1:] if before[-1:] and before[-1] in DETERMINERS else before
    if not _WITHOUT.isdisjoint(before) and _WITHOUT.isdisjoint(words[:1]):
        return piece.is_figure  # "a horse without a rider"
    place = words.index("no") if "no" in near and not piece.mood else 0
    return place > 0 and words[place - 1] not in PAUSES


def _is_of_nobody(words: Sequence[str], piece: Piece, terms: Sequence[Term]) -> bool:
    """Whether a figure is what something has that is none: "the wind with dust upon its shoes"."""
    near = words[max(0, piece.start - 3) : piece.start]
    owner = next((term for term in reversed(terms) if not (term.is_colour or term.mood)), None)
    own = "its" in near and not any(word in PAUSES for word in near[near.index("its") :])
    return piece.is_figure and own and owner is not None and not owner.label("subject")


def _is_sky_of_a_clause(term: Term, words: Sequence[str], end: int) -> bool:
    """Whether a term that ends at `end` is what the sky of a clause of its own does: ", and all the stars fell"."""
    if not term.meanings or not {one.group for one in term.meanings} <= {"sky", "celestial", "weather"}:
        return False
    before = [word for word in words[: end - len(term.text.split())] if word not in DETERMINERS and word != "all"]
    return before[-2:] == [",", "and"] or before[-1:] == [","]


def _is_of(colour: Term, piece: Piece) -> bool:
    """Whether a term is a colour that the next piece has anyway, or "dark" before a figure, which is no night."""
    if colour.text == "dark":
        return piece.is_figure
    return is_natural(colour, piece.meanings)


def _without_lit_flames(pieces: Sequence[Piece]) -> list[Piece]:
    """Drop the fire of what burns without one: "a burning candle", "a candle burns"; but not of "a burning city"."""
    kept: list[Piece] = []
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        owner = following if following and following.start == piece.end else pieces[index - 1] if index else None
        is_lit = piece.names("weather") and piece.text.startswith(("burn", "blaz"))
        if not (is_lit and owner and any(one.label in FLAMES for one in owner.meanings)):
            kept.append(piece)
    return kept


def _with_flocks(terms: list[Term], words: Sequence[str]) -> list[Term]:
    """The terms, and birds in the distance where there is a flock of birds."""
    flock = any(term.label("subject") in BIRDS and not FLOCKS.isdisjoint(term.marks) for term in terms)
    if flock and not set(words).isdisjoint(_FLOCKS):
        return [*terms, Term("flock", (Meaning("detail", "distant birds"),))]
    return terms


def _colour_of(words: Sequence[str], start: int, end: int, lexicon: Lexicon, *, dressed: bool) -> str:
    """The colour that is said of what is named from `start` to `end`; `dressed`: or of the clothes of that."""
    for place in reversed(range(max(0, start - COLOUR_REACH), max(start, end - 1))):
        word = words[place]
        if word in function_words() or not word[0].isalpha():
            break
        if word == "blue" and place and words[place - 1] in PALE:
            return LIGHT_BLUE
        if colour := _colour(word, lexicon):
            return colour
    if dressed and (clothes := colour_of_clothes(words, end, lexicon)):
        return _colour(clothes, lexicon)
    position = end
    while position < len(words) and (words[position] in LINKS or words[position - 1 : position + 1] in _IN_A):
        position += 1
    is_said = position > end and position < len(words) and words[position - 1] not in PAUSES
    ends_there = words[position - 1] in BE or words[position + 1 : position + 2] in ([], [","], ["."], ["and"], ["!"])
    return _colour(words[position], lexicon) if is_said and ends_there else ""


def _colour(word: str, lexicon: Lexicon) -> str:
    if word in MARKED_COLOURS:
        return MARKED_COLOURS[word]
    return next((one.label for one in lexicon.names.get(word, ()) if one.group == "subject_colour"), "")


def _without_bound_colours(terms: list[Term]) -> list[Term]:
    """Drop colours that belong to another term."""
    bound = {term.colour for term in terms} - {""}

    def is_bound(term: Term) -> bool:
        if term.text == "blue" and LIGHT_BLUE in bound:
            return True
        return MARKED_COLOURS.get(term.text, "") in bound or (term.is_colour and term.label("subject_colour") in bound)

    return [term for term in terms if not is_bound(term)]
