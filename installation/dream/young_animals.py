"""Mothers of animals, which are of the kind of their young: "ducklings following their mother"."""

from __future__ import annotations

import re

from installation.models.lexicon import base_forms

YOUNG = {  # the young of an animal, and what their mother is
    "duckling": "duck",
    "chick": "hen",
    "kitten": "cat",
    "puppy": "dog",
    "lamb": "sheep",
    "foal": "horse",
    "calf": "cow",
    "piglet": "pig",
    "gosling": "goose",
    "cygnet": "swan",
    "fawn": "deer",
    "bunny": "rabbit",
    "joey": "kangaroo",
    "owlet": "owl",
    "tadpole": "frog",
    "kid goat": "goat",
    "bear cub": "bear",
    "lion cub": "lion",
    "tiger cub": "tiger",
    "fox cub": "fox",
    "wolf cub": "wolf",
    "cub": "bear",
}
_IRREGULAR = {"calves": "calf", "bunnies": "bunny", "puppies": "puppy"}
_BABY = (
    "bird|elephant|penguin|duck|owl|bear|monkey|giraffe|whale|dolphin|seal|kangaroo|panda|fox|rabbit|goat|zebra|dragon|"
    "dinosaur|turtle|crocodile|hippo|hedgehog|deer|lion|tiger|squirrel|gorilla|koala|polar bear|camel|swan|goose"
)
_PAIR = re.compile(
    rf"\b(?:bab(?:y|ies)|little|small|young) ({_BABY})s?\b|\b((?:kid|bear|lion|tiger|fox|wolf) \w+|[a-z]+)\b",
    re.IGNORECASE,
)
_MOTHER = re.compile(
    r"\b(?:its|their|his|her|the) (?:mother|mum|mom|mummy|mommy|mama|parent|mother bird)\b", re.IGNORECASE
)

_CUBS = re.compile(r"\b(polar bear|bear|lioness|lion|tigress|tiger|fox|wolf|panda)\b(?! cub)", re.IGNORECASE)
_BARE_CUB = re.compile(r"(?<!bear )(?<!lion )(?<!tiger )(?<!fox )(?<!wolf )(?<!panda )\b(cubs?)\b", re.IGNORECASE)
_FEMALES = {"lioness": "lion", "tigress": "tiger"}

_FAMILIAR = f"{_BABY}|cat|dog|sheep|pig|cow|horse|mouse|wolf|hen|frog|bee|fish"
_FAMILY = re.compile(
    rf"\b(?:an?|the|our|my|one|whole|little) (?:(?:whole|little|big|happy) )?(?:({_FAMILIAR}) family\b|"
    rf"family of (?:little |small )?({_FAMILIAR})(?:s|es)?\b)",
    re.IGNORECASE,
)
_KIND = re.compile(rf"\b({_BABY}|cat|dog|sheep|pig|cow|horse)s?\b", re.IGNORECASE)
_BEHIND = re.compile(r"\b(?:(?:walk|swim|runn|waddl|swimm|trott|hurry|march)ing )?(?:behind|after) $", re.IGNORECASE)


def with_kinds_of_cubs(text: str) -> str:
    """An English text whose cubs are of the kind of the beast that it names before: "a lion and two lion cubs"."""
    beast = _CUBS.search(text)
    if beast is None:
        return text
    kind = _FEMALES.get(beast[1].lower(), beast[1].lower())
    return text[: beast.end()] + _BARE_CUB.sub(rf"{kind} \1", text[beast.end() :])


def with_animal_families(text: str) -> str:
    """An English text in which a family of animals is two of them with a young one: "a penguin family"."""
    return _FAMILY.sub(lambda found: _family_of((found[1] or found[2]).lower()), text)


def _family_of(kind: str) -> str:
    plural = {"fox": "foxes", "wolf": "wolves", "mouse": "mice", "deer": "deer", "sheep": "sheep", "goose": "geese"}
    young = next((f"a {young}" for young, mother in YOUNG.items() if mother == kind and young != "bunny"), "")
    return f"two {plural.get(kind, kind + 's')} with {young or f'a baby {kind}'}"


def with_mothers(text: str) -> str:
    """An English text in which the mother of young animals is a large animal of their kind."""
    mother = _MOTHER.search(text)
    if mother is None:
        return text
    kinds = (_mother_of(found) for found in _PAIR.finditer(text))
    kind = next((one for one in kinds if one), "")
    if not kind and mother[0].lower().startswith(("its", "their")) and (own := _KIND.search(text, 0, mother.start())):
        kind = own[1].lower()  # "four ducks behind their mother"
        text = f"{text[: own.start()]}baby {text[own.start() :]}"
        mother = _MOTHER.search(text) or mother
    before = _BEHIND.sub("following ", text[: mother.start()])
    return f"{before}a huge {kind}{text[mother.end() :]}" if kind else text


def _mother_of(found: re.Match[str]) -> str:
    if found[1]:
        return found[1].lower()
    word = found[2].lower()
    last = word.split()[-1]
    singular = [_IRREGULAR.get(last, last), *base_forms(last)]
    before = "".join(f"{part} " for part in word.split()[:-1])
    return next((YOUNG[before + form] for form in singular if before + form in YOUNG), "")
