"""Where figures stand in other languages, and how large they are: "auf dem Tisch", "masanın üstünde".

Languages either name the place before what somebody stands on, as English does, or after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from installation.dream.arrangement_words import CONTAINERS, INSIDE, VESSELS
from installation.dream.word_forms import Inflected

_BEFORE = {  # what stands before the noun: on, above, under, behind, in front of, in, between
    "de": "auf, über, unter, hinter, vor, in im, zwischen",
    "fr": "sur, dessus au-dessus, sous dessous, derrière, devant, dans, entre",
    "es": "sobre encima, arriba, bajo debajo, detrás tras, delante frente, en, entre",
    "it": "su sul sulla sullo sull' sui, sopra, sotto, dietro, davanti, in nel nella nell', tra fra",
    "pt": "sobre cima, acima, sob debaixo, atrás, diante frente, no na em, entre",
    "nl": "op, boven, onder, achter, voor, in, tussen",
    "pl": "na, nad, pod, za, przed, w, między",
    "ru": "на, над, под, за, перед, в, между",
    "ar": "على, فوق, تحت, خلف وراء, أمام, في, بين",
}
_AFTER = {  # what stands after it
    "tr": "üstünde üzerinde üzerindeki, , altında altındaki, arkasında arkasındaki, önünde önündeki, içinde, arasında",
    "ko": "위에 위의 위, , 아래 아래에 아래의 밑에 밑의, 뒤에 뒤의, 앞에 앞의, 안에 안의, 사이에 사이의",
    "hi": "पर, ऊपर, नीचे, पीछे, सामने, अंदर में, बीच",
    "zh": "上, , 下, 后, 前, 里, 间",
    "ja": "上, , 下, 後, 前, 中, 間",
}
_SIZES = {  # of huge things, of tiny ones
    "de": "riesig groß gewaltig, klein winzig",
    "fr": "énorme immense géant géante grand grande, petit petite minuscule",
    "es": "enorme gigante inmenso gran grande, pequeño pequeña diminuto diminuta",
    "it": "enorme gigante immenso grande, piccolo piccola minuscolo",
    "pt": "enorme gigante imenso grande, pequeno pequena minúsculo",
    "nl": "groot grote reusachtig enorm enorme, klein kleine",
    "pl": "wielki ogromny duży, mały malutki maleńki",
    "ru": "огромный большой гигантский, маленький крошечный",
    "tr": "büyük dev kocaman, küçük minik",
    "ko": "큰 거대한 커다란, 작은 조그만",
    "ar": "كبير كبيرة ضخم ضخمة, صغير صغيرة",
    "hi": "बड़ा बड़ी बड़े विशाल, छोटा छोटी छोटे",
}
_SIZE_AFTER = ("fr", "es", "it", "pt", "ar")  # languages that say the size after the thing, too
_AFTER_REACH = 3  # words or characters between a noun and what is said after it


def _tables(rows: Mapping[str, str]) -> dict[str, dict[str, str]]:
    names = ("on", "above", "under", "behind", "front", "in", "between")
    return {
        language: {word: name for name, each in zip(names, row.split(", "), strict=True) for word in each.split()}
        for language, row in rows.items()
    }


_WORDS_BEFORE, _WORDS_AFTER = _tables(_BEFORE), _tables(_AFTER)


def place_before(between: Sequence[str], language: str, label: str) -> str:
    """The place that the last such word between two figures says of the first; `label` is the second's."""
    words = _WORDS_BEFORE.get(language, {})
    return _shown(next((words[word] for word in reversed(between) if word in words), ""), label)


def place_after(following: Sequence[str], language: str, label: str) -> str:
    """The place that the words or characters after a figure with this label say of another one."""
    words = _WORDS_AFTER.get(language, {})
    return _shown(next((words[word] for word in following[:_AFTER_REACH] if word in words), ""), label)


def is_place(word: str, language: str) -> bool:
    """Whether a word says where something stands."""
    return word in _WORDS_BEFORE.get(language, {}) or word in _WORDS_AFTER.get(language, {})


def size_of(parts: Sequence[str], start: int, end: int, language: str) -> str:
    """Whether what stands from `start` to `end` of the parts of a text is said to be "huge" or "tiny"; or ""."""
    near = [*reversed(parts[max(0, start - 2) : start]), *(parts[end : end + 2] if language in _SIZE_AFTER else ())]
    for name, words in zip(("huge", "tiny"), _SIZES.get(language, ",").split(","), strict=True):
        if any(part in Inflected(words.split(), language) for part in near):
            return name
    return ""


def _shown(place: str, label: str) -> str:
    """The place as it is shown: "in" a tree is on it, and in what nobody can see into is no place of its own."""
    if place == "in":
        return "on" if label in VESSELS else INSIDE if label in CONTAINERS else ""
    return place
