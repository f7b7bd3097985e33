"""Which words of an English text are verbs, although a noun is written alike: "the old house keeps its secrets".

Position and ending decide, not meaning:

1. After a subject pronoun ("she leaves"), an auxiliary or "to" ("to cross the desert").
2. "-s" after one noun, before what the verb is done to or its place: "the bus crosses the bridge".
   But "church bells", "two paper cranes".
3. No "-s" after several nouns: "the owls watch the fire". But "the king's watch".
4. At the beginning of a clause, before what it is done to: "keep the light".
5. A past tense after its noun: "the moon rose over the hills". But "a desert rose".
6. "-s" before a pronoun that no noun has behind it: "and leaves them on the sand".
7. "-s" between one thing with an article and several: "the tide leaves shells on the sand". But "the oak leaves".

Verbs that mean the same as their noun ("it rains", "the house burns", "she dances") are not asked for here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from installation.dream.act_words import VERBS

PAUSES = ".,;:!?\u2026"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = _words(  # that name something as nouns, in the form without ending
    "bat bear book bottle bow branch bridge camp cap cast catch chain circle coach coast crane cross crown cup cycle "
    "die dog draw dream drift drive drone drop duck end eye fall fan fence ferry fish float flood fly gaze glance "
    "guard guide hand harbour hatch head hop hound house iron jump keep key kite knight ladder land lap leaf leap "
    "leave lift line lock lodge look march mask match mine mirror mother mount nail name nest nurse page paint park "
    "paw pilot pinch pine pool pose post pound press race rail ram range reach rest ride ring rise rock roll root row "
    "saddle sail saw scale seal seat shade shadow shed shell shelter shine ship sink skate sleep slip smell smile "
    "snake spell spin spring stage stamp stand star stare start steam stem step stop store stream strike string surf "
    "surge swallow swamp sweep swim swing table tail tape tent tide toll touch tower track trail train trap trip "
    "trunk turn vault voyage wait walk wall watch wave web well wheel whisper wing wolf work wrap yard "
    "twitter chirp warble coo bleat graze huddle hover plod plough rake dig peck dawn toil tumble tiptoe loom "
    "wind water buzz bound trot canter scurry strut mend tick "
    "flap flutter billow crow drum glow crash cover "
    "age anchor answer believe bloom braid breathe brood button clatter comb dive dock doubt echo fear flicker gleam "
    "glimmer grieve hate hoard hunger leak pace prune question quieten rot smoulder sow splinter stay stitch surface "
    "thirst trade unbutton unzip wither write bubble dress type"
)
_VERBS |= VERBS
_TRANSITIVE = _words("leave fall sail fly dream ring keep watch rise swallow wave step end cross rock bear land shed")
_PAST = _words("rose shed left saw felt fell lay bore wound sank found spoke shot lit")
_NO_NOUNS = _words("sang rang swam sprang slept wept sings")  # nothing but verbs
_PRONOUNS = _words("i you he she it we they who which nobody somebody someone everybody everyone nothing everything")
_AUXILIARIES = _words(
    "will would can could cannot can't shall should may might must do does did don't doesn't didn't won't let let's"
)
_ADVERBS = _words("always never often still just only again soon then now not also ever once suddenly softly")
_OBJECTS = _words(
    "a an the my your his her its our their this these me you him it us them itself himself herself myself themselves "
    "nothing everything nobody everybody someone something another each every no"
)
_ARTICLES = _words("a an the my your his her our their this that each every")
_LEAFY = _words(
    "oak maple autumn beech birch tea bay lime fig palm willow cabbage lettuce banana vine elm ash fallen dead"
)
_OBJECT_PRONOUNS = _words("me him us them itself himself herself themselves")
_PLACES = _words(
    "in on at along over across by under through above beside near behind between below beneath into onto from to "
    "towards toward around past with without like as and or but where when while until before after away off up down "
    "out home alone again forever slowly softly quietly against for next among amid inside outside "
    "south north east west high low together"
)
_MANY = _words(
    "two three four five six seven eight nine ten twelve twenty dozen hundred hundreds thousand thousands many some "
    "few several all these those"
)
_DOING = _words("is are was were am be been there here he's she's it's they're busy keeps kept goes went just still")
PLURALS = _words("cattle children wolves geese men women people mice oxen leaves fish sheep deer")
_WHO = _words(  # after whom a word in "-s" is what they do: "a family watches television"
    "man woman boy girl child baby kid family mother father dad mum mom grandmother grandfather grandma grandpa granny "
    "brother sister aunt uncle couple teacher nurse doctor farmer neighbour friend son daughter husband wife student"
)
_CLAUSE_STARTS = _words("and then please just but so or")


def verbs_of(words: Sequence[str], is_noun: Callable[[str], bool]) -> frozenset[int]:
    """The places of words that are verbs.

    Args:
        words: In lower case, with punctuation as words of their own.
        is_noun: Whether a word is known to name something.
    """
    return frozenset(place for place in range(len(words)) if _is_verb(words, place, is_noun))


def _is_verb(words: Sequence[str], place: int, is_noun: Callable[[str], bool]) -> bool:
    if words[place] in _NO_NOUNS:
        return True
    word, after = words[place], words[place + 1] if place + 1 < len(words) else "."
    known = not _VERBS.isdisjoint(stems(word))
    if known and word.endswith("s") and after in _OBJECT_PRONOUNS:
        return True
    before = _subject_place(words, place)
    subject = words[before] if before >= 0 else ""
    ends = after in PAUSES
    if subject in _PRONOUNS or (subject == "that" and before > 0 and is_noun(words[before - 1])):
        return known or word in _PAST or (word.endswith("s") and after in _OBJECTS)
    if subject in _AUXILIARIES:
        return known
    if subject == "to":
        return word in _TRANSITIVE and (after in _OBJECTS or after in _PLACES or ends)
    if subject == "and" and known and word.endswith("s") and after in ("the", "a", "an", "at"):
        return True  # "sits at the window and watches the rain"
    if word in _VERBS and (subject in ("", *_CLAUSE_STARTS) or subject in PAUSES):
        return after in _OBJECTS
    if known and word.endswith("s") and after in _OBJECTS and before > 0 and words[before - 1] in _ARTICLES:
        return not _is_plural(subject)  # "the ebb leaves the boats"
    if not subject or not is_noun(subject) or not subject[0].isalpha() or subject.endswith("'s"):
        return False
    if subject.endswith("ing") and before > 0 and (words[before - 1] in _DOING or is_noun(words[before - 1])):
        return False  # "a child feeding ducks", "she is feeding ducks", "standing there feeding ducks"
    if word in _PAST:
        return after in _PLACES or after in _OBJECTS or (ends and words[max(0, before - 1)] not in ("a", "an"))
    if subject in _WHO and known and word.endswith("s") and is_noun(after):
        return True
    followed = after in _PLACES or ends or after.endswith(("ly", "ing"))
    both = "and" in words[max(0, before - 2) : before] and not word.endswith("s")  # "a boy and a dog watch the moon"
    if _is_plural(subject) or both:
        return word in _VERBS and (followed or after in _OBJECTS or after in _MANY)
    if (
        not word.endswith("s")
        or word.endswith(("'s", "ss"))
        or not _MANY.isdisjoint(words[max(0, before - 2) : before])
    ):
        return False
    if known and place > 1 and not {"a", "an"}.isdisjoint(words[max(0, before - 2) : before]):
        return True  # "a crane lifts steel": after "a" no noun in "-s" follows
    dreams = after == "of" and word == "dreams"
    several = known and is_noun(after) and _is_plural(after) and _is_determined(words, before)
    return after in _OBJECTS or (known and (followed or after in _MANY)) or dreams or several


def _is_determined(words: Sequence[str], place: int) -> bool:
    """Whether an article stands before a noun, or before an adjective of it; after "of", its noun is another one."""
    before = words[max(0, place - 2) : place]
    return not _ARTICLES.isdisjoint(before) and words[place] not in _LEAFY


def _subject_place(words: Sequence[str], place: int) -> int:
    """The place of the word before, adverbs aside; -1 at the beginning."""
    before = place - 1
    while before >= 0 and (words[before] in _ADVERBS or (words[before].endswith("ly") and len(words[before]) > 4)):
        before -= 1
    return before


def _is_plural(word: str) -> bool:
    return word in PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "'s")))


def stems(word: str) -> frozenset[str]:
    """What a word may be the third person of: "watches" -> "watch"; and itself."""
    found = {word}
    if word.endswith("s") and len(word) > 3:
        found |= {word[:-1], word[:-2] if word.endswith("es") else word[:-1]}
    if word.endswith("ies"):
        found.add(word[:-3] + "y")
    if word.endswith("ves"):
        found.add(word[:-3] + "f")
    return frozenset(found)
