"""What the words of a text name among the classes of a generator: figures with their colours, places, times, weather.

The perceptor embeds a text as a whole, and drops words on the way. A reading looks every word up (`models.lexicon`):

1. English words are taken as `english_text` says, those of other languages as `foreign_text` does.
2. A colour belongs to a figure; alone it tints the picture.
3. What something is compared to counts only if nothing is named literally, what somebody does (`Term.weak`) only if no
   figure is.
4. Of two places, times or weathers the first is shown, and the other is told.
5. Abstract words alone are shown as the sentence that depicts them (`emblems`), or as their list says. Besides literal
   words they give only a place, if no figure is named.
6. What is named is shown; what nothing names stays neutral, or is one of the quiet classes (`Group.quiet`).
7. Things that the lists do not know are shown as the nearest thing that they do know, if it is near enough, and the
   operator is told. A text in another language is read word by word in the same way (`foreign_text`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from installation.dream.absent_things import without_absent
from installation.dream.accents import with_accents
from installation.dream.act_phrases import acts_named
from installation.dream.act_words import act_of_two
from installation.dream.actors import PEOPLE, actor_of
from installation.dream.arrangement_words import COUNTS, INSIDE, MARKED_COLOURS
from installation.dream.building_parts import BUILDINGS, BUILT_UP
from installation.dream.calm_places import WINDS, brought_along
from installation.dream.compounds import without_hyphens
from installation.dream.daily_life import daily_life_named
from installation.dream.emblems import emblem_and_setting, emblem_of
from installation.dream.emoji_words import with_emoji_named
from installation.dream.english_text import find_terms, names_in, words_of
from installation.dream.english_words import ABSTRACT, PREPOSITIONS, SAID, UNTOLD, function_words, is_noun
from installation.dream.everyday_places import (
    EVERYDAY_PLACES,
    LIGHTS,
    USUAL_STREET,
    VISITED,
    place_said,
    set_in,
    street_of,
)
from installation.dream.figure_casting import cast_figures
from installation.dream.fire_words import AROUND_FIREWORKS, FIREWORKS, with_small_fires
from installation.dream.foreign_gloss import Gloss, gloss_of, told_in_own_words
from installation.dream.foreign_text import language_in, read_foreign
from installation.dream.foreign_unknown import unknown_things
from installation.dream.given_names import without_title_dots
from installation.dream.hand_words import joined_said, with_joined
from installation.dream.invented_names import with_creatures
from installation.dream.nearest_words import SURE_IN_ENGLISH, Match, NearestWords
from installation.dream.one_way import RACING, one_way_marks
from installation.dream.outdoor_words import outdoors_named
from installation.dream.phrases import plain_english, without_idioms
from installation.dream.scene_words import (
    BROOMS,
    NOBODY,
    RELATIONS,
    SECOND,
    SPOTLIGHTS,
    THIRD,
    home_of,
    named_by,
    names_room,
    scene_marks,
    with_room_for_all,
)
from installation.dream.scene_words import ROOMS as SCENE_ROOMS
from installation.dream.seat_words import ON_SEATS, on_seats
from installation.dream.spelling import well_spelt
from installation.dream.state_words import JOINTED, KINDS, SHAPES, poses_said, without_told
from installation.dream.surroundings import INDOORS, is_colour_lost, is_lost, is_mood_lost, is_scene, surroundings
from installation.dream.table_words import AT_TABLE, at_table, mixed_children
from installation.dream.term import Term
from installation.dream.told_plainly import told_plainly
from installation.dream.usual_light import told_light
from installation.dream.usual_places import usual_place
from installation.dream.water_acts import at_water
from installation.dream.water_words import WATER, of_water
from installation.dream.word_order import plain_order
from installation.dream.work_words import AT_WORK, at_work
from installation.models.figure_traits import trait
from installation.models.interfaces import Group
from installation.models.lexicon import Lexicon, Meaning, base_forms, lexicon_of
from installation.text.language import ENGLISH, UNENCODED

_VAGUE = ABSTRACT | UNTOLD | SAID
SKYLINES = frozenset(["city", "cities", "metropolis", "skyline", "downtown"])  # words for what has high buildings
EMBLEMS = {"jungle": "palm", "forest": "pine", "desert": "cactus", "village": "house"}  # of places
STAR = "star"  # a figure that is seen at night
LOOSELY = ("earth", "world", "nature")  # words for a place that mean any
LIVING = frozenset((*trait("people"), *trait("mounts"), *trait("led"), *trait("holders"), "queen", "mermaid", "swan"))
LIFELESS = frozenset((*trait("headless"), *trait("of_a_house")))
KEPT_READINGS = 512
TIMES = ("dawn", "morning", "noon", "golden hour", "sunset", "dusk", "blue hour", "night", "winter")  # skies
RUGS = frozenset(["rug", "carpet", "mat", "hearthrug"])  # which lies in a room that is called nothing else
SETTING = ("sky", "celestial", "weather", "terrain")  # groups
ROOMS = ("curtain", "kitchen", "library", "attic", "studio", "stage", "lamp room", "salon")  # marks
ROOM_MARKS = (*(room for room, _ in SCENE_ROOMS), *EVERYDAY_PLACES)  # of any room
ARRANGED = "on"  # a mark of generators that show several figures together, as the sentences of `emblems` need
LAIN_ON = ("sofa", "bed", "bench", "hammock", "deckchair")  # on which people who sleep lie
KICKED = frozenset(["kick", "kicks", "kicked", "kicking", "football", "soccer"])  # words for what one does with a ball
FIGURES = ("subject", "companion", "detail")  # groups that only the first of several moods fills
UNASKED = ("tint", "weather", "subject", "subject_colour", "companion", "detail")  # groups that only words fill


@dataclass(frozen=True)
class Reading:
    """What a text names.

    Attributes:
        classes: The class that is to be shown in each group that the words decide, group -> label.
        missing: Things that the text names and the picture cannot show, in the words of the text.
        literal: Whether anything is named literally: then what nothing names is not shown.
        shown_as: What is shown as something else: pairs of a word of the text and what is shown.
        english: What the perceptor reads instead of a text in another language; "" for the text itself.
        marks: How the figures are arranged (see `arrangement_words`).
        guessed: Whether nothing is named for certain, and the classes are those of a mood that is a little near.
        pending: Whether more may be known once the sentence encoder is loaded.
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    literal: bool = False
    shown_as: tuple[tuple[str, str], ...] = ()
    english: str = ""
    marks: tuple[str, ...] = ()
    guessed: bool = False
    pending: bool = False


class TextReader:
    """Reads texts for one generator; readings are kept."""

    def __init__(
        self, lexicon: Lexicon, groups: Sequence[Group], nearest: NearestWords | None = None, marks: Sequence[str] = ()
    ) -> None:
        """Read for a generator with these classes and marks (see `Arrangeable`)."""
        self._lexicon, self._nearest, self._marks = lexicon, nearest, frozenset(marks)
        self._labels = {group.name: group.labels for group in groups}
        self._quiet = {group.name: group.quiet for group in groups}
        self._readings: dict[str, Reading] = {}

    @property
    def ready(self) -> bool:
        """Whether all is loaded that is known of words."""
        return self._nearest is None or self._nearest.ready

    def load(self) -> None:
        """Load the sentence encoder; about a second. Raises ShowError, and reads on without it, if it is missing."""
        if self._nearest is None:
            return
        try:
            self._nearest.load()
        except Exception:  # of any kind: it is raised again, and words are read without the encoder
            self._nearest = None  # only now: what is read meanwhile is read again
            raise

    def read(self, text: str) -> Reading:
        """What the words of a text name."""
        reading = self._readings.get(text)
        if reading is None or (reading.pending and self.ready):
            if len(self._readings) >= KEPT_READINGS:
                self._readings.clear()
            found = read_text(text, self._lexicon, self._labels, self._nearest, self._marks)
            found = replace(found, marks=with_room_for_all(found.marks))
            reading = self._readings[text] = _supported(self._calmed(found), self._marks)
        return reading

    def _calmed(self, reading: Reading) -> Reading:
        """A guess without weather, and without places and skies that say much."""
        if not reading.guessed:
            return reading
        calm = {name: label for name, label in reading.classes.items() if label in self._quiet.get(name, ())}
        return replace(reading, classes={**calm, "subject": NOBODY})


def text_reader(groups: Sequence[Group], marks: Sequence[str] = ()) -> TextReader | None:
    """A reader for a generator with these classes and marks; None if no lexicon describes the classes."""
    lexicon = lexicon_of(groups)
    return TextReader(lexicon, groups, NearestWords(lexicon), marks) if lexicon else None


def _living(terms: Sequence[Term]) -> frozenset[str]:
    """The last words of the names of people and animals."""
    labels = [(term.text.split()[-1], term.label("subject")) for term in terms if not term.mood and term.text]
    return frozenset(word for word, label in labels if label and label != NOBODY and label not in LIFELESS)


def _supported(reading: Reading, marks: frozenset[str]) -> Reading:
    """The reading without marks that the generator does not have.

    Numbers, colours, second figures, and that one is inside another among them are missing.
    """
    lost = [mark for mark in reading.marks if mark not in marks]
    told = (*COUNTS, *MARKED_COLOURS.values(), INSIDE)
    plain = [named_by(mark).removesuffix(" sky") for mark in lost]
    named = [name for name, mark in zip(plain, lost, strict=True) if name in told or mark.startswith(SECOND)]
    kept = tuple(mark for mark in reading.marks if mark in marks)
    return replace(reading, marks=kept, missing=tuple(dict.fromkeys([*reading.missing, *named]))) if lost else reading


def read_text(
    text: str,
    lexicon: Lexicon,
    labels: Mapping[str, Sequence[str]],
    nearest: NearestWords | None = None,
    marks: Container[str] = (),
) -> Reading:
    """Read a text.

    Args:
        text: In any language.
        lexicon: Of the generator.
        labels: The labels of each of the generator's groups.
        nearest: Finds the nearest names; None: only the lists are used.
        marks: That the generator has.
    """
    ready = nearest if nearest is not None and nearest.ready else None
    if language_in(text, lexicon) == ENGLISH:
        text = well_spelt(without_title_dots(with_emoji_named(text)), lexicon)
    text, told = without_idioms(text)
    reading = _read_plain(text, lexicon, labels, nearest, ready, marks) if text else Reading()
    return replace(reading, missing=(*reading.missing, *told), literal=True) if told else reading


def _read_plain(
    text: str,
    lexicon: Lexicon,
    labels: Mapping[str, Sequence[str]],
    nearest: NearestWords | None,
    ready: NearestWords | None,
    marks: Container[str],
) -> Reading:
    """Read a text without idioms; `ready` is `nearest` if that is loaded."""
    words = words_of(text)
    language = language_in(text, lexicon)
    if ARRANGED in marks and (emblem := emblem_and_setting(text)):
        setting = _setting_of(emblem.setting, lexicon)
        if setting is None and not _names_things(emblem.setting, lexicon):
            setting = {}
        if setting is not None and (
            not emblem.called or ({*setting} <= {"sky", "weather"} and setting.get("sky") in TIMES)
        ):
            reading = _read_plain(emblem.sentence, lexicon, labels, nearest, ready, marks)
            return replace(_set_in(reading, setting), english=emblem.sentence)
    if language == ENGLISH or lexicon.has(" ".join(words)):
        return _read_english(text, lexicon, labels, nearest, ready, marks)
    text = with_accents(text, language, lexicon.languages.get(language, {}))
    gloss = gloss_of(text, language, lexicon, None if language in UNENCODED else ready)
    if gloss is not None and gloss.known:
        english, told = without_idioms(gloss.english)
        reading = _read_english(english, lexicon, labels, nearest, ready, marks)
        if reading.literal:
            reading = replace(reading, missing=(*reading.missing, *told))
            return _in_own_words(reading, gloss, language)
    foreign = read_foreign(text, language, lexicon, ready)
    if ARRANGED in marks and not foreign.unsure and (sentence := emblem_of(foreign.english)):
        return replace(_read_plain(sentence, lexicon, labels, nearest, ready, marks), english=sentence)
    reading = _reading(foreign.terms, labels, marks, lexicon)
    reading = replace(reading, english=foreign.english, pending=ready is not nearest)
    if foreign.unsure:
        return replace(reading, classes=dict(foreign.unsure), literal=True, guessed=True)
    return _at_home(reading, [*words_of(foreign.english), *words], lexicon, labels, marks)


def _read_english(
    text: str,
    lexicon: Lexicon,
    labels: Mapping[str, Sequence[str]],
    nearest: NearestWords | None,
    ready: NearestWords | None,
    marks: Container[str],
) -> Reading:
    """Read an English text without idioms."""
    text = acts_named(told_plainly(without_absent(text)))
    joined = joined_said(text, marks)
    text = joined.rest if joined else text
    text = outdoors_named(plain_english(without_hyphens(text, lexicon), lexicon))
    text = plain_order(daily_life_named(text, lexicon))
    words = words_of(text)
    place = place_said(text, marks)
    reading = _read_things(place.rest if place else text, words, lexicon, labels, nearest, ready, marks)
    if place and place.mark and not set_in(reading.classes, place):  # "a town at the foot of a volcano"
        place, reading = None, _read_things(text, words, lexicon, labels, nearest, ready, marks)
    text = place.rest if place else text
    if place is None or not place.mark:
        place = usual_place(text, _with_people(reading), marks)
    if place and set_in(reading.classes, place):
        light = LIGHTS.get(place.mark, {})
        classes, kept = {**light, **reading.classes, "terrain": place.terrain}, without_rooms(reading.marks)
        if place.mark == "valley" and "celestial" in classes and "between sky" in marks:
            kept = (*kept, "between sky")
        reading = replace(reading, classes=classes, marks=(*kept, place.mark), literal=True)
    found = _at_home(reading, words, lexicon, labels, marks)
    if place and place.mark in reading.marks:
        kept = tuple(mark for mark in found.marks if mark != USUAL_STREET)
        if place.mark in VISITED:  # what people have with them means no other room
            kept = without_rooms(kept)
        if set(ROOM_MARKS).isdisjoint(kept):  # a table, seats or work hid it
            found = replace(found, marks=(*kept, place.mark))
    together = with_joined(found.classes, found.marks, joined, marks) if joined else None
    return found if together is None else replace(found, classes=together[0], marks=together[1])


def _read_things(
    text: str,
    words: Sequence[str],
    lexicon: Lexicon,
    labels: Mapping[str, Sequence[str]],
    nearest: NearestWords | None,
    ready: NearestWords | None,
    marks: Container[str],
) -> Reading:
    """What a plain English text names, and what who acts does; `words` are those of the text with its place."""
    terms = find_terms(text, lexicon)
    pending = ready is not nearest and any(not term.meanings for term in terms)
    known = _with_nearest(terms, ready, lexicon)
    if ready is nearest:
        known = with_creatures(known, words, names_in(text), lexicon)
    actor = actor_of(words, _living(known))
    reading = _reading(known, labels, marks, lexicon, actor)
    poses = poses_said(words, actor) if actor else ()
    if actor != reading.classes.get("subject"):
        poses = tuple(
            SECOND + pose for pose in poses if {SECOND + actor} <= {*reading.marks} and SECOND + pose in marks
        )
    return replace(reading, pending=pending, marks=tuple(dict.fromkeys((*reading.marks, *poses))))


def _with_people(reading: Reading) -> dict[str, str]:
    """The classes of a reading, with a person among its further figures as the companion."""
    others = (named_by(mark) for mark in reading.marks if mark.startswith((SECOND, THIRD)))
    return {"companion": next((one for one in others if one in PEOPLE), ""), **reading.classes}


def _in_own_words(reading: Reading, gloss: Gloss, language: str) -> Reading:
    """The reading of a text that was put into English, with what is told of it in its own words."""
    missing = [told_in_own_words(gloss.words, word) for word in reading.missing]
    missing += unknown_things(gloss.parts, gloss.found, language)
    shown_as = tuple((told_in_own_words(gloss.words, word), label) for word, label in reading.shown_as)
    return replace(reading, english=gloss.english, missing=tuple(dict.fromkeys(missing)), shown_as=shown_as)


def _setting_of(text: str, lexicon: Lexicon) -> dict[str, str] | None:
    """The light, weather and place that words name, by group; None if they name anything else."""
    terms = find_terms(text, lexicon) if text else []
    named = {word for term in terms for word in term.text.split()}
    rest = [word for word in text.split() if word not in named and word not in function_words() | PREPOSITIONS]
    groups = {one.group for term in terms for one in term.meanings}
    if (
        rest
        or (text and not terms)
        or not groups <= {*SETTING}
        or any(not term.meanings or term.mood for term in terms)
    ):
        return None
    found = surroundings(terms)
    return found if found.get("terrain") != "room" else None


def _names_things(text: str, lexicon: Lexicon) -> bool:
    """Whether any of the words beside an abstract one names what can be seen: "a place I have never been" does not."""
    return any(
        term.meanings or (not term.mood and is_noun(term.text.split()[-1], lexicon) and term.text not in _VAGUE)
        for term in find_terms(text, lexicon)
    )


def _set_in(reading: Reading, setting: Mapping[str, str]) -> Reading:
    """The reading in another light, weather or place; what makes a room is none elsewhere."""
    marks = reading.marks
    if "terrain" in setting:
        marks = tuple(mark for mark in marks if mark not in ROOMS)
    kept = {name: label for name, label in reading.classes.items() if name != "celestial" or "sky" not in setting}
    return replace(reading, classes={**kept, **setting}, marks=marks)


def _at_home(
    reading: Reading,
    words: Sequence[str],
    lexicon: Lexicon,
    labels: Mapping[str, Sequence[str]],
    marks: Container[str],
) -> Reading:
    """The reading with the place where what the words name is at home, and what they say of the whole scene."""
    reading = _with_each_other(_in_their_places(reading, words, marks), words, marks)
    if water_act := at_water(reading.classes, reading.marks, words, labels.get("terrain", ())):
        missing = tuple(word for word in reading.missing if word not in water_act.shown)
        reading = replace(reading, classes=water_act.classes, marks=water_act.marks, missing=missing)
    home = home_of(reading.classes, reading.marks, words, lexicon, labels.get("subject", ()))
    if home in labels.get("terrain", ()):
        reading = replace(reading, classes={**reading.classes, "terrain": home}, literal=True)
    if brought := brought_along(reading.classes, words):
        seen = WINDS if brought.get("weather") == "autumn leaves" else frozenset[str]()
        missing = tuple(word for word in reading.missing if word not in seen)
        reading = replace(reading, classes={**reading.classes, **brought}, missing=missing)
    reading = replace(reading, classes=told_light(reading.classes, words))
    if STAR in (reading.classes.get("subject"), *(named_by(mark) for mark in reading.marks)):
        reading = replace(reading, classes={"sky": "night", **reading.classes})
    if "tossing" in reading.marks and not KICKED.isdisjoint(words) and set(reading.marks).isdisjoint(KINDS[SHAPES]):
        reading = replace(reading, marks=(*reading.marks, *(mark for mark in ("kicking",) if mark in marks)))
    reading = laid_to_sleep(reading, marks)
    water = of_water(reading.marks, reading.classes.get("terrain", ""))
    reading = replace(reading, marks=(*(mark for mark in reading.marks if not mark.endswith(WATER)), *water))
    one_way = one_way_marks(words, reading.classes, reading.marks, marks)
    found = (*one_way, *scene_marks(reading.classes, reading.marks, words, marks))
    street = street_of(reading.classes, words, NOBODY)
    found += (street,) if street in marks else ()
    if not set(ROOM_MARKS).isdisjoint(reading.marks):
        found = tuple(mark for mark in found if mark not in ROOM_MARKS)  # there is one already
    there = (BROOMS if "flying" in found else frozenset()) | (SPOTLIGHTS if "stage" in found else frozenset())
    there |= RACING if one_way else frozenset()
    there |= RUGS if reading.classes.get("terrain") == INDOORS and not found else frozenset()
    missing = tuple(word for word in reading.missing if word not in there)
    shown_as = tuple(pair for pair in reading.shown_as if not names_room(pair[0], found))
    arranged = tuple(dict.fromkeys((*reading.marks, *found)))
    arranged = (*arranged, *(mark for mark in mixed_children(reading.classes, arranged, words) if mark in marks))
    return replace(reading, marks=arranged, missing=missing, shown_as=shown_as)


def laid_to_sleep(reading: Reading, marks: Container[str]) -> Reading:
    """The reading in which people who sleep on a bed or a bench lie in it."""
    bed = reading.classes.get("subject", "")
    who = next((named_by(mark) for mark in reading.marks if mark.startswith(SECOND) and named_by(mark) in PEOPLE), "")
    if bed not in LAIN_ON or not who or not {"on", SECOND + "sleeping"} <= {*reading.marks} or "lying" not in marks:
        return reading
    own = {"on", SECOND + who, SECOND + "sleeping"}
    said = (SECOND + bed, "sleeping", "lying", *(mark for mark in reading.marks if mark not in own))
    return replace(reading, classes={**reading.classes, "subject": who}, marks=said)


def without_rooms(marks: Sequence[str]) -> tuple[str, ...]:
    """Marks but for those of rooms and other places."""
    return tuple(mark for mark in marks if mark not in (*ROOMS, *ROOM_MARKS))


def _in_their_places(reading: Reading, words: Sequence[str], marks: Container[str]) -> Reading:
    """The reading with people at a table or on seats, if they sit there, or at work with what that needs."""
    said = reading.classes, reading.marks, words, marks
    found = at_table(*said) or on_seats(*said) or at_work(*said)
    if found is None:
        return reading
    missing = tuple(word for word in reading.missing if found.shown.isdisjoint(word.split()))
    return replace(reading, classes=found.classes, marks=found.marks, missing=missing)


def _with_each_other(reading: Reading, words: Sequence[str], marks: Container[str]) -> Reading:
    """The reading with what two figures do with each other: "two bears hug", "a bride and a groom kissing"."""
    act, subject = act_of_two(words), reading.classes.get("subject", NOBODY)
    others = [mark for mark in reading.marks if mark.startswith((SECOND, THIRD))]
    kinds = [*(named_by(mark) for mark in others), *filter(None, [reading.classes.get("companion")])]
    kinds = [kind for kind in kinds if kind in LIVING]
    if act not in marks or not {*RELATIONS, AT_TABLE, AT_WORK, ON_SEATS}.isdisjoint(reading.marks):
        return reading
    if subject in LIVING and len(kinds) == 1 and not set(COUNTS).intersection(map(named_by, reading.marks)):
        shown = (mark for mark in reading.marks if named_by(mark) != "loving")
        return replace(reading, marks=(*shown, act))
    if others or "companion" in reading.classes or "two" not in reading.marks or SECOND + subject not in marks:
        return reading
    return replace(reading, marks=(*(mark for mark in reading.marks if mark != "two"), SECOND + subject, act))


def _reading(
    terms: Sequence[Term], labels: Mapping[str, Sequence[str]], marks: Container[str], lexicon: Lexicon, actor: str = ""
) -> Reading:
    """What is shown of the terms of a text, in which somebody acts unnamed or nobody."""
    terms, fires = with_small_fires(_with_buildings(terms, marks), marks)
    named = [term for term in terms if not term.mood and not term.compared]
    if not any(term.meanings and not term.is_colour for term in named):
        named += [term for term in terms if term.compared and not term.mood]
    moods = [term for term in terms if term.mood and not term.compared]
    things = [term for term in named if term.meanings and not term.is_colour]
    colours = [term for term in named if term.is_colour]
    only_moods = not things and not colours
    if only_moods:
        things = _depicted(moods, calm=bool(named))
    acting = "" if only_moods and moods and not named else actor
    classes, arranged, missing = cast_figures(things, labels, marks, acting)
    doers = classes.get("subject", NOBODY), *(mark.removeprefix(SECOND) for mark in arranged)
    arranged = without_told(arranged, people=not JOINTED.isdisjoint(doers))
    classes |= surroundings(things)
    expected: list[str] = []  # marks of occasions
    for group, label in (
        meaning for term in things if term.scene and term.place != "clad" for meaning in term.scene.setting
    ):
        if group:
            classes.setdefault(group, label)
        elif label in marks:
            expected.append(label)
    emblem = None if only_moods else _emblem(things, classes, arranged)
    if emblem and "subject" not in classes:
        classes["subject"] = emblem.label("subject")
    elif emblem:
        arranged = (*arranged, SECOND + emblem.label("subject"))
    for group, label in AROUND_FIREWORKS.items() if FIREWORKS in fires else ():
        if not (group == "terrain" and "subject" in classes):
            classes.setdefault(group, label)
    tint = colours[0].label("tint") or colours[0].label("subject_colour") if colours else ""
    if tint in labels.get("tint", ()) and "subject" not in classes:
        classes["tint"] = tint
    for term in moods if things or colours else ():
        if term.label("terrain") and (term.text in lexicon.lands or ("subject" not in classes and is_scene(term.text))):
            classes.setdefault("terrain", term.label("terrain"))
    of_sky = [mark for term in things for mark in term.marks if mark.endswith(("sky", WATER))]
    shown = {*classes.values(), *(named_by(mark) for mark in arranged)}
    lost = [
        *(term.text for term in named if not term.meanings),
        *(word for term in things for word in term.lost),
        *(() if only_moods else missing),
        *(
            term.text
            for term in things
            if not (only_moods or term.label("subject") or (emblem and term.text == emblem.text))
            and is_lost(term, shown)
        ),
        *(term.text for term in colours if is_colour_lost(term, shown)),
        *(term.text for term in moods if not only_moods and is_mood_lost(term, shown, lexicon)),
    ]
    return Reading(
        classes,
        tuple(dict.fromkeys(lost)),
        bool(things or colours or lost or fires),
        tuple(
            (term.text, term.shown_as) for term in (*things, *([emblem] if emblem else [])) if term.shown_as in shown
        ),
        marks=tuple(dict.fromkeys([*arranged, *of_sky, *fires, *expected])),
    )


def _with_buildings(terms: Sequence[Term], marks: Container[str]) -> Sequence[Term]:
    """The terms with a city or a village as buildings, where another place is named: "a village by the sea"."""
    said = [term for term in terms if not (term.mood or term.compared)]
    others = {term.label("terrain") for term in said} - {"", INDOORS, *BUILT_UP}
    if not others or "five" not in marks:
        return terms
    built = any(term.label("subject") in BUILDINGS for term in said)
    shown = []
    for term in terms:
        if term.label("terrain") not in BUILT_UP or term.mood or term.compared:
            shown.append(term)
        elif term.label("subject"):  # "huts": both a place and what stands there
            shown.append(replace(term, meanings=tuple(one for one in term.meanings if one.group != "terrain")))
        elif not built:  # else the buildings that are named are its
            label = "house" if SKYLINES.isdisjoint(term.text.split()) else "skyscraper"
            shown.append(replace(term, meanings=(Meaning("subject", label),), marks=("five",)))
    return shown


def _emblem(things: Sequence[Term], classes: Mapping[str, str], marks: Sequence[str]) -> Term | None:
    """What stands for a second place, where there is room for a figure: the palm of "a waterfall in the jungle"."""
    if "companion" in classes or any(mark.startswith(SECOND) for mark in marks):
        return None
    for term in things:
        terrain = term.label("terrain")
        if term.text in LOOSELY or terrain == classes.get("terrain") or term.label("subject"):
            continue
        if terrain in EMBLEMS:
            label = EMBLEMS[terrain]
            if label != classes.get("subject"):
                return Term(term.text, (Meaning("subject", label),), shown_as=label)
    return None


def _depicted(moods: Sequence[Term], calm: bool) -> list[Term]:
    """What depicts moods: all that the first one says, and no figures of the others; `calm`: no figure at all."""
    return [
        Term(term.text, (meaning,))
        for index, term in enumerate(moods)
        for meaning in term.meanings
        if not (calm or index) or meaning.group not in FIGURES
    ]


def _with_nearest(terms: Sequence[Term], nearest: NearestWords | None, lexicon: Lexicon) -> list[Term]:
    """The terms, with what is near enough to things that are not known."""
    unknown = [
        term
        for term in terms
        if not term.meanings and " " not in term.text and lexicon.unshown.isdisjoint(base_forms(term.text))
    ]
    if nearest is None or not unknown:
        return list(terms)
    found = dict(zip([term.text for term in unknown], nearest.names([term.text for term in unknown]), strict=True))
    return [
        _like(term, match, lexicon)
        if (match := found.get(term.text)) and not term.meanings and _is_like(match, lexicon)
        else term
        for term in terms
    ]


def _like(term: Term, match: Match, lexicon: Lexicon) -> Term:
    """An unknown thing as the nearest known one, with its number if that is a figure."""
    is_figure = any(one.group == "subject" for one in match.meanings)
    shown_as = lexicon.stand_ins.get(match.name, match.name)
    return replace(
        term,
        meanings=match.meanings,
        shown_as=shown_as,
        marks=term.marks if is_figure else (),
        lost=term.lost if is_figure else (),
    )


def _is_like(match: Match, lexicon: Lexicon) -> bool:
    """Whether a match may be shown: it is near, and no place that stands in for something, as a room for a kitchen."""
    groups = {one.group for one in match.meanings}
    is_place = "terrain" in groups
    return (
        not groups.isdisjoint(("subject", "celestial", "terrain", "weather"))
        and match.similarity >= SURE_IN_ENGLISH
        and not (is_place and match.name in lexicon.stand_ins)
    )
