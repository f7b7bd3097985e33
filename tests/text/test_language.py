import pytest

from installation.text.language import language_of, script_language, spoken_languages

ENGLISH = frozenset(["red", "sun", "chat", "pie", "castle", "hope", "wolf"])
FOREIGN = frozenset(["gato", "chat", "katze"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a red sun over the castle", "en"),
        ("hope", "en"),
        ("chat", "en"),
        ("", "en"),
        ("1234 !", "en"),
        ("gato", ""),
        ("kedi", ""),
        ("le chat noir", "fr"),
        ("die Katze im Regen", "de"),
        ("um gato na neve", "pt"),
        ("een wolf in het bos", "nl"),
        ("wilk w lesie", "pl"),
        ("bir kedi ve bir at", "tr"),
        ("маяк над морем", "ru"),
        ("قمر فوق البحر", "ar"),
        ("夜の海", "ja"),
        ("海上的月亮", "zh"),
        ("달 아래 늑대", "ko"),
        ("ประภาคาร", "th"),
        ("बाघ", "hi"),
        ("θάλασσα", "el"),
        ("кіт спить", "uk"),
        ("kočka spí na střeše", "cs"),
        ("en katt på taket", "sv"),
    ],
)
def test_a_language_is_known_by_its_script_or_its_function_words(text: str, language: str) -> None:
    assert language_of(text, ENGLISH.__contains__, FOREIGN.__contains__) == language


def test_most_letters_decide_the_script() -> None:
    assert script_language("a wolf (волк)") == "en"
    assert script_language("волк, wolf из леса") == "ru"


def test_nouns_decide_between_languages_with_as_many_function_words() -> None:
    nouns = {"fr": {"renard"}, "es": {"zorro"}}
    found = [language_of(text, ENGLISH.__contains__, FOREIGN.__contains__, nouns) for text in ("un zorro", "un renard")]
    assert found == ["es", "fr"]


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("quiero ver un gato negro", ("fr", "es", "it")),
        ("ich möchte einen Wald sehen", ("de",)),
        ("can you show me a tiger", ("en",)),
        ("die", ("en",)),
        ("no clouds", ("en",)),
        ("Schloss", ("en",)),
    ],
)
def test_a_sentence_in_another_language_is_noticed(text: str, languages: tuple[str, ...]) -> None:
    assert spoken_languages(text, "en") == languages
