"""Who does what an English text says without naming anybody: "walking the dog", "I carried a lamp".

Somebody acts where the text begins a clause with a doing of everyday ("making pancakes", not "falling leaves"), or
where a pronoun is said to do such a thing. What nobody sees from outside ("I miss the trains") has no actor.
"""

from __future__ import annotations

import zlib
from collections.abc import Container, Sequence

from installation.dream.english_words import DETERMINERS, PREPOSITIONS, function_words
from installation.dream.verbs import PAUSES
from installation.models.figure_traits import trait
from installation.models.lexicon import Meaning

WALKER = "walker"
SUBJECT_WORDS = 4  # of "and the snow,"
MIN_PLURAL = 3  # letters that a noun in the plural has more than
EITHER = ("woman", "man")  # of which the text draws one, where it does not say
PEOPLE = trait("people")
_SWIM = frozenset(["swim", "swims", "swimming", "swam", "bathing", "bathes"])
RAISED = frozenset(["raise", "raises", "raising", "raised", "clink", "clinks", "clinking", "clinked"])
_SKI = frozenset(["ski", "skis", "skiing", "skied", "snowboarding"])
_IS_SAID = frozenset(["is", "are", "was", "were", "who", "that", "all"])
_DOERS = {  # of doings that a figure of their own shows
    **dict.fromkeys(("swim", "bathe"), "swimmer"),
    **dict.fromkeys(("sleep", "nap"), "sleeper"),
    "read": "reader",
    **dict.fromkeys(("run", "jog"), "runner"),
    "cycle": "cyclist",
    "ski": "skier",
    "fish": "fisherman",
    "dance": "dancer",
}
_PRONOUNS = {
    **dict.fromkeys(("i", "i'm", "someone", "somebody"), ""),
    **dict.fromkeys(("he", "he's"), "man"),
    **dict.fromkeys(("she", "she's"), "woman"),
    **dict.fromkeys(("we", "we're", "they", "they're", "everybody", "everyone"), "group"),
}


_TAKING_UP = ("he", "she", "they")  # pronouns that may stand for who was named right before
_LIVING = frozenset([*trait("people"), *trait("mounts"), *trait("led"), *trait("holders"), *trait("flyers")])
_OWNERS = {"my": "", "her": "woman", "his": "man"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ON_FOOT = _words("walk hike stroll wander march trek")
_PLAY = _words("play")
_WITH_OBJECT = _words(  # whose "-ing" may stand before a bare noun: "making pancakes"
    "make bake cook eat drink play read write paint draw build feed wash clean water plant pick carry ride drive buy "
    "sell decorate celebrate mow dig sew knit iron brush comb watch do take have hang fix repair open close cut chop "
    "peel gather collect pack fold sweep practise practice study learn shoot throw "
    "catch chase light paddle steer stir kiss feed sing milk hold pull push "
    "spill phone text pour fry grill boil order unpack assemble decorate scrub mop polish dust "
    "change celebrate serve find spot cancel wrap tidy wipe drag drill mend cuddle hug "
    "stroke pat vacuum hoover bring leave enter ring knock pluck unlock tug "
    "binge-watch type post photograph film record wear borrow return deliver"
)
_ALONE = _words(  # before an object they need an article: "walking the dog", but "walking sticks"
    "walk hike stroll wander jog wait march trek swim sleep lie sit stand climb run jump work fish sail row shop "
    "travel camp ski skate surf dive cycle dance queue rest nap wear keep fly go lean kneel lie whisper drift "
    "bathe shower shave count steal hunt cross move visit smoke cry weep pray "
    "laugh smile shout argue fall wake sneeze cough stumble trip crash commute doze hide tiptoe crawl yawn "
    "vibe chill relax party babysit meditate exercise sunbathe picnic barbecue arrive scream giggle "
    "sweat unwind hitchhike moan complain chat talk gossip snooze hang"
)
_DOINGS = _WITH_OBJECT | _ALONE
_OF_THINGS = _words("fly lie float hang fall roll drift sail stand lean wear go travel climb")  # what things do, too
_OF_SEVERAL_THINGS = _words(
    "open opened close closed drop dropped burn burnt break broke fly hang stand lean wait wave"
)
_OF_SKY = _words("snow rain wind fog mist moon sun light night dawn dusk evening morning silence sea tide river")
_FOR_DOING = _words(  # things for doing something, which nobody does: "a washing machine"
    "washing-machine washing-line washing-powder washing-up sewing-machine knitting-needles walking-stick walking- "
    "sticks walking-shoes running-shoes running-water reading-glasses reading-lamp swimming-pool swimming-pools "
    "fishing-rod fishing-boat fishing-boats fishing-net cutting-board frying-pan drinking-water drinking-glass "
    "shopping-bag shopping-bags shopping-trolley shopping-cart shopping-centre shopping-mall shopping-list sleeping- "
    "bag sleeping-bags sleeping-beauty sleeping-cat sleeping-dog dressing-gown dressing-room changing-room waiting- "
    "room driving-school driving-lesson flying-saucer flying-saucers flying-carpet flying-fish hanging-lanterns "
    "hanging-gardens playing-cards playing-card parking-lot parking-garage vacuum-cleaner baking-tray moving-boxes "
    "moving-van moving-day building-site building-blocks training-day working-day cleaning-lady climbing-frame "
    "rowing-boat sailing-boat sailing-ship singing-bowl drawing-pin painting-class writing-desk ironing-board "
    "chewing-gum eating-disorder falling-leaves falling-stars falling-snow falling-star dancing-shoes dancing-queen "
    "milking-stool"
)
_IRREGULAR = dict(
    pair.split(":")
    for pair in _words(
        "lying:lie sat:sit stood:stand slept:sleep swam:swim wore:wear kept:keep drove:drive rode:ride made:make "
        "ate:eat drank:drink wrote:write ran:run held:hold built:build flew:fly went:go lay:lie drew:draw sang:sing "
        "caught:catch bought:buy hung:hang took:take dug:dig threw:throw eaten:eat written:write lit:light drawn:draw "
        "spilt:spill fell:fall woke:wake found:find brought:bring had:have did:do cut:cut met:visit spent:visit "
        "hid:hide tripped:trip hugged:hug mopped:mop"
    )
)
_SAID_OF_PRONOUNS = _words(  # what somebody has done or does
    "drop dropped lose lost break broke broken burn burnt burned forgot forgotten opened open parked park left won win "
    "wave waved missed got adopted phoned"
)
_UNSEEN = _words("heart love hope hopes way mind patience faith nerve nerves touch memory soul time home trust voice")
_PARTS = _words(  # of the body of somebody who is there
    "hair lap knee knees shoulder shoulders cheek cheeks face arms lashes forehead fingers fingertips hand hands feet "
    "skin chest toes"
)
_HELPERS = _words("am are is was were have has had will would can could must be been 'm 're 's used to and then still")
_OPENINGS = _words("busy just quietly slowly while when early late alone together always and then")
_AFTER_DOING = DETERMINERS | PREPOSITIONS | _words("for to with like out up down off around alone together home and at")


def actor_of(words: Sequence[str], living: Container[str] = ()) -> str:
    """The label of who acts unnamed in a text, or "".

    Args:
        words: In lower case, with punctuation as words of their own.
        living: Words for people and animals that the text names, who act in "a fox, jumping" and "my cat, she sleeps".
    """
    begins, named, taken_up = True, False, frozenset[str]()
    for place, word in enumerate(words):
        of_sky = _goes_on_of_the_sky(words[max(0, place - 4) : place])
        if begins and not (named or of_sky) and (doing := _doing(words, place)):
            return _somebody(doing, words)
        named |= word in living
        who = word.partition("'")[0]
        if who in _TAKING_UP and words[max(0, place - 1) : place] == [","] and words[max(0, place - 2)] in living:
            taken_up |= {who}
        if begins and word in _PRONOUNS and who not in taken_up:
            found = _doing_of_pronoun(words, place)
            if who == "they" and found in _OF_SEVERAL_THINGS and any(_is_plural(one) for one in words[:place]):
                found = ""  # "roses by the gate, they opened"
            if found:
                return _PRONOUNS[word] or _somebody(found, words)
        begins = (begins and word in _OPENINGS) or word in PAUSES
    return _owner_of_a_body(words)


def _goes_on_of_the_sky(before: Sequence[str]) -> bool:
    """Whether what follows is done by the sky: "three firs, and the snow, walking between them"."""
    return (
        len(before) == SUBJECT_WORDS
        and before[0] in ("and", ",")
        and before[1] == "the"
        and before[2] in _OF_SKY
        and before[3] == ","
    )


def _is_plural(word: str) -> bool:
    return len(word) > MIN_PLURAL and word.endswith("s") and not word.endswith(("ss", "'s")) and word.isalpha()


def _owner_of_a_body(words: Sequence[str]) -> str:
    """Who a part of a body belongs to that a pronoun owns: "the wind in her hair"; or ""."""
    for place, word in enumerate(words):
        if word != "my" and any(other.removesuffix("s") in _LIVING for other in words[:place]):
            continue  # "the bear lifts his hands"
        if word in _OWNERS and not _PARTS.isdisjoint(words[place + 1 : place + 3]):
            return _OWNERS[word] or _somebody("", words)
    return ""


def _doing(words: Sequence[str], place: int) -> str:
    """The verb of an "-ing" that begins a clause and is done by somebody, or ""."""
    verb = _stem(words[place]) if words[place].endswith("ing") else ""
    after = words[place + 1] if place + 1 < len(words) else "."
    if verb not in _DOINGS or f"{words[place]}-{after}" in _FOR_DOING:
        return ""
    if verb in _OF_THINGS and place and (words[0] in DETERMINERS or words[0].endswith("s")):
        return ""  # "a kite, flying over the hill"
    with_bare_noun = verb in _WITH_OBJECT and (after[0].isalpha() and after not in function_words())
    return verb if after in PAUSES or after in _AFTER_DOING or with_bare_noun else ""


def _doing_of_pronoun(words: Sequence[str], place: int) -> str:
    """What a pronoun is said to do in its clause, first or after "and"; or ""."""
    helping = True
    for word in words[place + 1 :]:
        if word in PAUSES:
            break
        verb = _stem(word)
        if (helping or word.endswith("ing")) and verb in _DOINGS and word not in _HELPERS:
            return "sleep" if "asleep" in words[place:] else verb
        if helping and word in _SAID_OF_PRONOUNS and not _UNSEEN.intersection(words[place:]):
            return word
        helping = word in _HELPERS or word.endswith("ly") or word in ("never", "always", "often", "once")
    return ""


def _stem(word: str) -> str:
    """The verb that a word is a form of, if it is a doing; else the word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending in ("ing", "ed", "es", "s", ""):
        base = word.removesuffix(ending)
        if ending and base == word:
            continue
        for verb in (base, base + "e", base[:-1], base[:-1] + "y" if base.endswith("i") else base):
            if verb in _DOINGS:
                return verb
    return word


def _somebody(verb: str, words: Sequence[str]) -> str:
    """Who does such a thing: a swimmer that swims, somebody on foot, a child that plays, a woman or a man."""
    if verb in _DOERS:
        return _DOERS[verb]
    if verb in _ON_FOOT:
        return WALKER
    if verb in _PLAY:
        return "child"
    return EITHER[zlib.crc32(" ".join(words).encode()) % len(EITHER)]


def as_raised(words: Sequence[str], start: int, meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """What a name means that begins at `start`: glasses that somebody raises or clinks are no spectacles."""
    if RAISED.isdisjoint(words[max(0, start - 3) : start]):
        return meanings
    return tuple(one._replace(label="wine glass") if one == Meaning("subject", "glasses") else one for one in meanings)


def as_swimmers(words: Sequence[str], end: int, meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """What a name means that ends at `end`: people who are said to swim or ski behind it are swimmers or skiers."""
    while end < len(words) and words[end] in _IS_SAID:
        end += 1
    if end >= len(words) or words[end] not in _SWIM | _SKI:
        return meanings
    label = "swimmer" if words[end] in _SWIM else "skier"
    return tuple(
        one._replace(label=label) if one.group == "subject" and one.label in PEOPLE else one for one in meanings
    )
