"""English words that name nothing by themselves, and the common nouns of English."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from installation.core.paths import ASSETS
from installation.dream.word_kinds import OTHER, is_listed, is_rather_noun, kinds, may_be_noun
from installation.models.lexicon import Lexicon, base_forms
from installation.text.talk import talk_of

NOUNS_FILE = ASSETS / "wordnet" / "nouns.txt"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words("a an the my your his her our their this that these those some any no")
STARTERS = DETERMINERS | _words("i he she it they we you there")  # begin another part of a sentence
PREPOSITIONS = _words("in on at along over across by under through above beside near behind between below beneath")
COLLECTIVES = _words(  # before "of"
    "of army armies flock herd group pack row rows swarm crowd school shoal pride fleet bunch "
    "lot lots loads plenty tons masses heaps scores murder "
    "pair pairs couple trio dozen dozens hundred hundreds thousand thousands"
)
QUANTITIES = _words(
    "one ones two both three four five six seven eight nine ten dozen dozens hundred hundreds many several "
    "countless few huge giant gigantic enormous big large massive colossal immense tiny small little miniature "
    "minuscule half couple"
)
RELATIONS = _words(  # name a part or a side of what follows "of"
    "of end ending finish edge top middle centre center bottom side front back rest part start beginning name names "
    "sound sounds smell taste scent sense feeling shape colour color weight loss meaning kind passing "
    "story tale legend myth passage"
)
ABSTRACT = _words(  # are no things after "the" or "my" either
    "upside the my name names secret secrets "
    "sound sounds loss weight feeling feelings meaning reason life idea thought "
    "mood way ways world kind part side end work job day days week weekend monday tuesday wednesday thursday friday "
    "saturday sunday year years month hour colour color shape size place thing left right front back top sky air "
    "ground mane tail beak paw paws claw claws fur home"
)
RATHER_VERBS = _words("perches blinks led may falls look looks sit seat way post range current note stage front")
PORTIONS = _words("bit lot course look try show see mean say test stop")  # are no things after "a" either
BEFORE_NAMES = _words("lake mount river cape port saint isle bay castle mr mrs miss sir lady king queen")
WEAK = _words(  # name a figure by what it does or gives
    "light lights lighting illumination sit sits walk walks dance dances read reads ring rings toll tolls howl howls "
    "gallop gallops purr purrs meow hoot bark barks caw roar roars croak croaks slither buzz sail drive cycle camp "
    "unlock knock enter march stroll stare gaze glance blink wink behold touch grasp greet launch tick chime haunt"
)
HEADS = _words(  # name a thing after another noun: "a butterfly net"
    "a butterfly net net board case box cover holder maker tamer keeper seller shop game team card cards trap bag "
    "pack ticket food hunt line set race show cage tail shell bones skin fur horn costume story song club fan "
    "driver lover hunter"
)
EVENTS = _words("walk dance drive cycle march stroll stare gaze glance touch")  # weak after "a", too: "a walk"
BODY = _words(
    "back head neck shoulder shoulders nose lap knee knees arm arms mouth belly side feet hair face faces cheek cheeks "
    "forehead beard chin toes elbow"
)  # of an owner
OWNERS = _words("his her its their my your our")
FALSE_FRIENDS = _words(  # English words that name something else in the lists of other languages: French "sang"
    "sis at fare flaming tort pace sera sole stanza nave cane ape tempo scale pared sol mar mono pastel rue cavalier "
    "taupe portable vent sang rouge champ chat clef ours cloche temps gens automate singe dame canard lit wale fee tag "
    "paw rot brand blitz boot burg brief tor stern leer torte rote"
)
BE = _words("is are was were be turns turned")
LINKS = BE | _words("and but , make makes made paint it its it's that which who all in of wearing with")  # of a colour
SAID = _words(  # common adjectives, verbs and adverbs of English, which tell it from other languages
    "half dozen "
    "new old big small little good bad long short high low wide deep first last next other great young own public "
    "full empty open free hard soft warm cold hot wet dry fast slow easy late early sad happy angry tired lonely "
    "lost broken bright pale wild strange quiet loud sweet bitter rich poor strong weak round flat clean dirty "
    "said went gone came took gave saw knew thought left kept held stood sat ran fell rose grew wrote read ate "
    "drank slept woke sang told find found give take leave keep hold stand run fall rise grow write eat drink "
    "sleep wake sing tell turn move live die carry bring begin end back away home here there once again never "
    "always often soon yet still even almost together alone between among against without within towards until "
    "rusty burnt-out muddy cracked chipped burnt burned charred scorched mossy overgrown woollen woolen knitted "
    "patchwork floral abandoned derelict dilapidated ramshackle crumbling shabby battered tattered dusty cobwebbed "
    "spotted spotty dotted striped stripy checked chequered crooked leathery wobbly creaky shattered smashed torn "
    "covered capped "
    "while because though"
)
UNTOLD = _words(  # nouns that say how something is, or when, rather than what
    "lot lots bit kind sort type way ways time times moment thing things case fact problem reason idea ideas question "
    "answer example edge middle centre center bottom top end beginning start front back side sides left right inside "
    "outside distance morning evening today tonight yesterday tomorrow please number amount piece pieces slice slices "
    "beside besides against amongst among amid below beneath beyond during onto opposite since throughout toward "
    "towards upon versus via whereas whenever wherever whoever whatever although unless until till myself yourself "
    "himself herself itself ourselves themselves each every either neither both another everywhere "
    "thee thou thy thine ye somewhere anywhere nowhere nor dunno gonna wanna gotta cos cause yesterday "
    "past gaggle covey brood clutch bevy skein "
    "pair couple row rows group set part parts half quarter others else everything anyone someone one ones two"
)
GARMENTS = _words(
    "dress dresses shirt shirts coat coats suit suits jacket jackets robe robes cloak cloaks gown gowns clothes skirt "
    "skirts uniform uniforms trousers sweater sweaters pyjamas raincoat raincoats overcoat overcoats pullover "
    "pullovers jumper jumpers blouse blouses tunic tunics kimono kimonos sari saris hoodie hoodies t-shirt t-shirts "
    "overalls waistcoat waistcoats tracksuit nightgown nightdress costume costumes tutu swimsuit poncho habit "
    "cardigan dungarees"
)
PARTS = _words(
    "wings antlers tusks whiskers scales fins tentacles thorns roots branches eyes hands fingers horns "
    "eye leg legs arm arms ear ears tail tails teeth claws beak wing horn tongue"
)
CALENDAR = _words(  # moods that are only told beside what is named
    "time monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow now moment moments hours "
    "minutes days weeks months years weekend"
)
_NO_NOUNS = UNTOLD | SAID | RATHER_VERBS | QUANTITIES | COLLECTIVES | ABSTRACT
DRIFTING = _words("rain snow fire fog mist cloud clouds ash lightning thunder flash flames")  # before a noun: of it


def is_english(word: str, lexicon: Lexicon) -> bool:
    """Whether an English list has the word."""
    talk = talk_of("en")
    if (
        word in SAID
        or word.rpartition("-")[2] in SAID
        or (len(word) > len("swing") and word.endswith(("ing", "ness", "ly")))
    ):
        return True
    if word in lexicon.names or word in lexicon.moods or word in lexicon.implied:
        return True
    if talk is not None and word in talk.chatter:
        return True
    return any(form in nouns() or form in lexicon.names for form in (*base_forms(word), word.removesuffix("ing")))


def is_noun(word: str, lexicon: Lexicon) -> bool:
    """Whether a word names a thing that is shown, or any other that can be touched."""
    if word in function_words() or any(one.group == "subject_colour" for one in lexicon.names.get(word, ())):
        return False
    return any(form in nouns() or form in lexicon.names for form in base_forms(word))


def is_unknown_noun(words: Sequence[str], position: int) -> bool:
    """Whether a word that no list of the lexicon has names a thing."""
    word = words[position]
    talk = talk_of("en")
    before = words[position - 1] if position else ""
    if not word[0].isalpha() or word in RATHER_VERBS | QUANTITIES | COLLECTIVES | ABSTRACT:
        return False
    if word.endswith("ing") and len(word) > len("swing") and (word not in nouns() or before not in DETERMINERS):
        return False
    after = words[position + 1] if position + 1 < len(words) else "."
    if word in BODY and before in OWNERS:
        return False  # "on her head"
    if word in function_words() or before in BEFORE_NAMES or (word in RELATIONS and after == "of"):
        return False
    if talk is not None and word in talk.chatter and (before not in ("a", "an") or word in PORTIONS):
        return False  # "well, ...", but "a well"
    if kinds().get(word) == OTHER and before not in DETERMINERS:
        return False  # "led", "felt"
    if any(form in nouns() for form in base_forms(word)):
        return True
    is_head = not after[0].isalnum() or after in function_words()
    if is_head and word in HEADS and before and before not in function_words() and before[0].isalpha():
        return True
    return is_head and before in DETERMINERS | QUANTITIES


def is_strange_or_abstract(words: Sequence[str], position: int) -> bool:
    """Whether a word is none of WordNet's ("snorfleblat"), or names what cannot be touched: "silence", "a smell"."""
    word, before = words[position], words[position - 1] if position else ""
    after = words[position + 1] if position + 1 < len(words) else "."
    talk = talk_of("en")
    if not word[0].isalpha() or "'" in word or word in function_words() or (talk is not None and word in talk.chatter):
        return False
    if word in UNTOLD | SAID | RATHER_VERBS | QUANTITIES | COLLECTIVES | ABSTRACT or (
        word in RELATIONS and after == "of"
    ):
        return False
    if before in BEFORE_NAMES or (word in BODY and before in OWNERS):
        return False
    if not is_listed(word):
        return not word.endswith("ing")
    if word.endswith(("ly", "ed", "ing")):
        return False
    is_head = not after[0].isalnum() or after in function_words()
    beside = before in DETERMINERS or before in QUANTITIES
    if before == "and" and position > 1 and word.endswith("s"):
        beside = is_rather_noun(words[position - 2])  # "a hammer and nails"
    return is_rather_noun(word) or (may_be_noun(word) and is_head and beside)


def function_words() -> frozenset[str]:
    """English words that name nothing."""
    talk = talk_of("en")
    return talk.function if talk is not None else frozenset()


@cache
def nouns() -> frozenset[str]:
    """Common nouns for physical things (WordNet 3.0)."""
    return frozenset(NOUNS_FILE.read_text(encoding="utf-8").split())
