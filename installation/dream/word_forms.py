"""What an inflected word of another language may be a form of: "лесу" of "лес", "denizin" of "deniz".

The forms are guesses by endings and beginnings. They are looked up in a list of common nouns, which few wrong guesses
are part of.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping

INFLECTED = (  # languages whose nouns the dictionaries list in one case
    *("tr", "ko", "ar", "pl", "ru", "cs", "uk", "el", "he", "fa", "id", "da", "no", "ro", "hu", "fi"),
)
_UMLAUTS = str.maketrans("äöü", "aou")
_ENDINGS = {  # of inflected words, with those of their first case
    "de": tuple((ending, "") for ending in ("e", "er", "en", "n", "nen", "ern", "s", "es")),
    "fr": (("s", ""), ("x", ""), ("aux", "al")),
    "es": (("s", ""), ("es", ""), ("ito", "o"), ("ita", "a"), ("itos", "o"), ("itas", "a"), ("ces", "z")),
    "it": (
        ("i", "o"),
        ("i", "e"),
        ("e", "a"),
        ("chi", "co"),
        ("che", "ca"),
        ("ghi", "go"),
        ("ghe", "ga"),
        ("ie", "ia"),
    ),
    "hi": (("ियों", "ी"), ("ियाँ", "ी"), ("ियां", "ी"), ("ों", ""), ("ों", "ा"), ("ें", ""), ("े", "ा"), ("ओं", "")),
    "nl": (
        ("en", ""),
        ("s", ""),
        ("'s", ""),
        ("e", ""),
        ("je", ""),
        ("jes", ""),
        ("tje", ""),
        ("tjes", ""),
        ("pje", ""),
    ),
    "pt": (
        *(("s", ""), ("es", ""), ("ões", "ão"), ("ães", "ão"), ("ns", "m"), ("is", "l"), ("éis", "el")),
        *(("inho", "o"), ("inha", "a"), ("inhos", "o"), ("inhas", "a"), ("zinho", ""), ("zinha", "")),
    ),
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENDINGS["sv"] = (
    *((ending, "") for ending in _words("en et n t ar er or arna erna orna na a s ens ets")),
    *(("or", "a"), ("orna", "a"), ("ar", "e"), ("arna", "e"), ("an", "a"), ("lar", "el"), ("larna", "el")),
    *(("rar", "er"), ("ern", "er"), ("eln", "el"), ("let", "el"), ("ret", "er"), ("mmen", "m"), ("mmet", "m")),
    *(("nnen", "n"), ("nnet", "n"), ("nar", "en"), ("narna", "en")),
)
_ENDINGS["da"] = (
    *((ending, "") for ending in _words("en et n t er e r ne erne ene s ens ets ernes")),
    *(("ler", "el"), ("lerne", "el"), ("len", "el"), ("rne", ""), ("mmet", "m"), ("mmen", "m"), ("nnen", "n")),
    *((f"{one}{one}{ending}", one) for one in "tksplg" for ending in ("en", "er", "e", "erne", "et", "ene")),
)
_ENDINGS["no"] = (
    *((ending, "") for ending in _words("en et a er e ene n t r ne s ens ets enes")),
    *(("a", "e"), ("ler", "el"), ("lene", "el"), ("len", "el"), ("rne", "er"), ("rer", "er"), ("rene", "er")),
    *((f"{one}{one}{ending}", one) for one in "mnlpt" for ending in ("en", "er", "e", "ene", "et", "a")),
)
_ENDINGS["ro"] = (
    *((ending, "") for ending in _words("ul ului l lui i ii ilor uri urile urilor le lor a u")),
    *((ending, "ă") for ending in _words("a ei e ele elor i ile ilor o")),
    *((ending, "e") for ending in _words("ea ele ei i ile ii ilor a")),
    *(("ci", "că"), ("cile", "că"), ("le", "a"), ("lele", "a"), ("ți", "t"), ("ții", "t"), ("ți", "te"), ("zi", "d")),
)
_CASES = {  # endings of nouns and adjectives, and those of their first case, with a stem between that may change
    "ru": (
        _words(
            "а я о е ь ы и у ю ой ей ом ем ам ям ами ями ах ях ов ев ью ою ею ии ию ия ий иям иями иях ый ая яя ое ее "
            "ые ие ого его ому ему ым им ую юю ых их ыми ими"
        ),
        ("", *_words("а я о е ь ый ий ой ия ие")),
    ),
    "pl": (
        _words(
            "a ą ę i y u o e ie ia ią ię iu ów om iom ami iami ach iach em iem owi owie ej ego emu ym im ych ich ymi "
            "imi"
        ),
        ("", *_words("a o e y i ia")),
    ),
    "cs": (
        _words("a u y i e ě é í ou em ům ami emi ách ech ích ovi ové ů ým ými ého ému mi ata aty átka átko ím ém"),
        ("", *_words("a o e ě í ý")),
    ),
    "uk": (
        _words(
            "а я о е ь и у ю ою ею ей ом ем єм ам ям ами ями ах ях ів їв ові еві єві і ї ій ого ому ему им ими их "
            "ня та ята ят"
        ),
        ("", *_words("а я о е ь и й")),
    ),
    "el": (
        _words("ς ος ου ο οι ους ων α ας ες η ης ι ιού ια ιών ών ά άς ές ή ής ό ός ού οί ύς άδες άδων ατα ατος εις"),
        ("", *_words("ος ο α ας η ης ι ί ά ή ό ός άς ής")),
    ),
}
_SOFT_ENDS = {  # ends of stems before some endings, and in the first case
    "pl": _words(
        "c:k dz:g dzi:d ci:t rz:r ni:n zi:z si:s wi:w bi:b mi:m pi:p l:ł sz:ch ści:st dź:d ń:n dzi:dź ci:ć ni:ń si:ś "
        "zi:ź"
    ),
    "cs": _words("c:k z:h š:ch ř:r čt:ck št:sk ť:t ň:n t:ť n:ň d:ď"),
    "uk": _words("ц:к з:г с:х ч:к ж:г"),
}
_LOST_VOWELS = {"ru": ("о", "е"), "pl": ("e",), "cs": ("e", "ě"), "uk": ("о", "е")}  # that only the first case has
_CLOSED_VOWELS = {
    "pl": ("oę", "óą"),
    "cs": ("o", "ů"),
    "uk": ("ое", "іі"),
}  # in other cases, in the first: "kota" of "kót"
_SUFFIXES = {  # of agglutinated words, one after another
    "tr": re.compile(
        r"(?:l[ae]r|[ıiuü]m[ıiuü]z|[ıiuü]n[ıiuü]z|[yns]?[ıiuü]|n?[ıiuü]n|[yn]?[ae]|[yn]?[dt][ae]n?|[dt]?[ae]?ki|"
        r"y?l[ae]|[ıiuü]?m|l[ıiuü]|s[ıiuü]z|ca|ce)+"
    ),
    "ko": re.compile(
        r"(?:들|은|는|이|가|을|를|에|의|와|과|도|에서|으로|로|에게|한테|까지|부터|만|처럼|나|이나|랑|이랑|하고|위|속|밑|"
        r"아래|옆|앞|뒤|안|같은|같이|입니다|이다|야)+"
    ),
    "ar": re.compile(r"(?:ي|ه|ها|هم|نا|ك|ات|ان|ين|ون|ا)+"),
}
_SOFTENED = {"ğ": "k", "b": "p", "c": "ç", "d": "t"}  # ends of Turkish stems before a vowel, and their first form
_SUFFIXES["fa"] = re.compile(r"(?:\u200c?ها|\u200c?های|\u200c?ای|ی|ان|اش|\u200cاش|ش|م)+")
_SUFFIXES["id"] = re.compile(r"(?:nya|ku|mu|lah)+")
_SUFFIXES["hu"] = re.compile(
    r"(?:[aeoö]?k|[aeoö]?t|[ao]n|[eö]n|n|b[ae]n|r[ae]|b[óő]l|b[ae]|r[óő]l|t[óő]l|n[áé]l|h[eoö]z|v[ae]l|([bcdfgklmnprstz])"
    r"[ae]l|j?[ae]i?|j?[uü]k|[aeoö]?m|[aeoö]?d|[úű]|[óő]s|[aeoö]?s|[ai]nk|i|eit|ait|ként|ig|ért|j?[áé])+"
)
_SUFFIXES["fi"] = re.compile(
    r"(?:n|t|a|ä|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|na|nä|ksi|tta|ttä|in|een|aan|ään|oon|öön|uun|yyn|iin|seen|hun|"
    r"hyn|hän|han|i|j|ja|jä|ia|iä|ien|jen|iden|ita|itä|nsa|nsä|ni|si|mme|nne|[ae]nsa|ään|sa|sä|s|kin|eineen|ineen)+"
)
_FINNISH_STEMS = (  # how stems end before endings, and words in their first case
    *(("se", "nen"), ("s", "nen"), ("kse", "s"), ("de", "si"), ("te", "si"), ("t", "si"), ("e", "i"), ("ee", "e")),
    *(("aa", "as"), ("ää", "äs"), ("kkaa", "kas"), ("ii", "is"), ("ta", "as"), ("o", "a"), ("e", ""), ("i", "a")),
    *(("", "a"), ("", "ä"), ("", "i"), ("", "e"), ("e", "i"), ("i", "ä"), ("et", "yt"), ("e", "ut"), ("ne", "n")),
)
_FINNISH_GRADES = (  # consonants that are weak before the endings of closed syllables, and strong in the first case
    *(("t", "tt"), ("p", "pp"), ("k", "kk"), ("d", "t"), ("v", "p"), ("", "k"), ("mm", "mp"), ("nn", "nt")),
    *(("ng", "nk"), ("ll", "lt"), ("rr", "rt"), ("j", "k"), ("v", "k")),
)
_HUNGARIAN_VOWELS = str.maketrans("áé", "ae")
_BEGINNINGS = {
    "he": ("כש", "וה", "שה", "מה", "וב", "ול", "ה", "ב", "ל", "מ", "ו", "כ", "ש"),
    "ar": ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ك"),
}  # "and", "with", "the"
_PLURALS = {  # ends of words that are plurals if they are not listed, but what they are forms of is
    "de": ("e", "er", "en", "n"),
    "fr": ("s", "x"),
    "es": ("s",),
    "it": ("i", "e"),
    "nl": ("en", "s", "jes"),
    "pt": ("s",),
    "tr": ("lar", "ler"),
    "ko": ("들", "들이", "들은", "들과"),
    "hi": ("याँ", "यां", "ें"),
    "ru": ("ы", "и"),
    "pl": ("y", "i"),
    "sv": ("ar", "or", "er", "arna", "orna", "erna"),
    "da": ("er", "erne", "ene"),
    "no": ("er", "ene"),
    "el": ("ια", "ιά", "ες", "οι", "ους"),
}
_MANY_ONLY = {  # endings of cases that only plurals have
    "ru": ("ами", "ями", "ах", "ях", "ов"),
    "uk": ("ами", "ями", "ах", "ях", "ів"),
    "pl": ("ami", "ach", "ów"),
    "cs": ("ami", "ách", "ích", "ů"),
}
_ONE = frozenset(["der", "den", "dem", "des", "einen", "einem", "eines", "im", "am", "vom", "zum"])  # before one
_MIN_STEM = 2
_VOWELS = "aeiouyàáâãäèéêëìíîïòóôõöùúûüýăœæąęóěůаеёиоуыэюяіїє"


class Inflected:
    """Words of a language, of which their inflected forms are part, too."""

    def __init__(self, words: Container[str], language: str) -> None:
        self._words, self._language = words, language

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and any(form in self._words for form in word_forms(word, self._language))


def word_forms(word: str, language: str) -> Iterator[str]:
    """A word in lower case, and what it may be an inflected form of, the likeliest first."""
    yield word
    for ending, first in _ENDINGS.get(language, ()):
        if word.endswith(ending):
            yield word.removesuffix(ending) + first
            yield word.removesuffix(ending).translate(_UMLAUTS) + first
    if language == "nl":
        yield from _dutch_stems(word)
    yield from _first_cases(word, language)
    yield from _agglutinated(word, language)
    for beginning in _BEGINNINGS.get(language, ()):
        if word.startswith(beginning) and len(word) > len(beginning) + 1:
            bare = word.removeprefix(beginning)
            yield bare
            yield from _agglutinated(bare, language)


def is_plural(word: str, before: str, language: str, listed: Mapping[str, object]) -> bool:
    """Whether a word in lower case is a plural, as far as its ending tells; `before`: the word before, or "".

    A listed word is one if it is a form of another that means the same: "kittens" beside "kitten".
    """
    if word.endswith(_MANY_ONLY.get(language, "\0")) and any(form in listed for form in word_forms(word, language)):
        return True
    if not word.endswith(_PLURALS.get(language, ("\0",))) or (word in listed and language in _CASES):
        return False
    ones = [form for form in word_forms(word, language) if form != word and form in listed]
    if not ones or (word in listed and all(listed[one] != listed[word] for one in ones)):
        return False
    if language in ("ru", "pl"):
        return not before or before.endswith(("ые", "ие"))  # elsewhere it may be another case of one
    return language != "de" or before not in _ONE


def _dutch_stems(word: str) -> Iterator[str]:
    """What plurals and adjectives are forms of: "bomen" of "boom", "katten" of "kat", "huizen" of "huis"."""
    for ending in ("en", "e"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) <= _MIN_STEM:
            continue
        hard = stem[:-1] + {"z": "s", "v": "f"}.get(stem[-1], stem[-1])
        yield hard
        if stem[-1] == stem[-2]:
            yield stem[:-1]
        elif stem[-2] in _VOWELS and stem[-3] not in _VOWELS:
            yield stem[:-1] + stem[-2] + hard[-1]


def _first_cases(word: str, language: str) -> Iterator[str]:
    if language not in _CASES:
        return
    endings, firsts = _CASES[language]
    word = word.replace("ё", "е")
    for ending in sorted(["", *endings], key=len):
        stem = word.removesuffix(ending)
        if (ending and stem == word) or len(stem) <= _MIN_STEM:
            continue
        for changed in _stems(stem, language):
            yield from (changed + first for first in firsts)


def _stems(stem: str, language: str) -> Iterable[str]:
    """A stem, as it may be in the first case: with a hard end, or with the vowel that the other cases drop."""
    yield stem
    vowels = _LOST_VOWELS.get(language, ())
    if stem[-1] not in _VOWELS and stem[-2] not in _VOWELS + "ь":
        yield from (stem[:-1] + vowel + stem[-1] for vowel in vowels)
    if language == "ru" and stem[-2] in "оеь":
        yield stem[:-2] + stem[-1]  # "кошек", "птичек"
    ends = [pair.split(":") for pair in _SOFT_ENDS.get(language, ())]
    hard = [stem.removesuffix(soft) + end for soft, end in ends if stem.endswith(soft)]
    yield from hard
    closed = dict(zip(*_CLOSED_VOWELS.get(language, ("", "")), strict=True))
    yield from (one[:-2] + closed[one[-2]] + one[-1] for one in (stem, *hard) if one[-2] in closed)
    if language == "pl" and stem.endswith("i"):
        yield stem[:-1]


def _agglutinated(word: str, language: str) -> Iterator[str]:
    suffixes = _SUFFIXES.get(language)
    if suffixes is None:
        return
    least = 1 if language == "ko" else _MIN_STEM
    for end in range(len(word) - 1, least - 1, -1):
        if not suffixes.fullmatch(word, end):
            continue
        stem = word[:end]
        yield stem
        if language == "tr" and stem[-1] in _SOFTENED:
            yield stem[:-1] + _SOFTENED[stem[-1]]
        if language == "tr" and len(stem) > _MIN_STEM and not _has_vowel_near_end(stem):
            yield from (stem[:-1] + vowel + stem[-1] for vowel in "iıuü")  # "şehri" of "şehir"
        if language == "hu":
            yield from _hungarian_stems(stem)
        if language == "fi":
            yield from _finnish_stems(stem)
        if language == "ar" and stem.endswith("ت"):
            yield stem[:-1] + "ة"
        if language == "ar":
            yield stem + "ة"


def _hungarian_stems(stem: str) -> Iterator[str]:
    """What a stem is in the first case: "macská" of "macska", "kenyer" of "kenyér", "tükr" of "tükör"."""
    if stem[-1] in "áé":
        yield stem[:-1] + stem[-1].translate(_HUNGARIAN_VOWELS)
    if len(stem) > _MIN_STEM and stem[-2] in "ae":
        yield stem[:-2] + {"a": "á", "e": "é"}[stem[-2]] + stem[-1]
    if len(stem) > _MIN_STEM and stem[-2] not in _VOWELS:
        yield from (stem[:-1] + vowel + stem[-1] for vowel in "oeö")


def _finnish_stems(stem: str) -> Iterator[str]:
    """What a stem is in the first case: "kato" of "katto", "joe" of "joki", "naise" of "nainen"."""
    ends = [stem, *(stem.removesuffix(end) + first for end, first in _FINNISH_STEMS if stem.endswith(end))]
    for word in ends:
        yield word
        if len(word) > _MIN_STEM and word[-1] in "aäeioöuy":
            body, vowel = word[:-1], word[-1]
            for weak, strong in _FINNISH_GRADES:
                if body.endswith(weak):
                    yield body.removesuffix(weak) + strong + vowel


def _has_vowel_near_end(stem: str) -> bool:
    return any(letter in "aeıioöuü" for letter in stem[-2:])
