"""What one figure does with another in other languages: "der Hund jagt die Katze", "kedi balığı yiyor".

The verb and the preposition between two figures are put into English, whose rules then say which act is meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from installation.dream.arrangement_words import place_of

VERB_LAST = ("tr", "ko", "hi", "ja")  # languages whose verb follows both figures
VERB_FIRST = ("ar",)  # languages whose verb may stand before both
REACH = 4  # words, or characters in Chinese and Japanese, behind or before the two in which their verb is
_ENGLISH = ("rides", "chases", "eats", "carries", "plays", "kisses", "fights", "watches", "pulls", "pushes", "climbs")
_VERBS = {  # forms of each of these verbs, in their order
    "de": "fährt fahren fahrend fahrender reitet reiten reitend reitender, jagt jagen verfolgt verfolgen jagt, "
    "frisst fressen isst essen frißt, hält halten trägt tragen, spielt spielen, küsst küssen umarmt umarmen küßt, "
    "kämpft kämpfen, beobachtet beobachten betrachtet schaut sieht, zieht ziehen, schiebt schieben, "
    "klettert klettern erklimmt besteigt",
    "fr": "monte montent chevauche conduit, poursuit poursuivent chasse pourchasse, mange mangent dévore, "
    "tient tiennent porte portent, joue jouent, embrasse embrassent, combat combattent affronte, "
    "regarde regardent observe contemple, tire tirent, pousse poussent, grimpe escalade",
    "es": "monta montan cabalga conduce, persigue persiguen caza, come comen devora, "
    "sostiene lleva llevan sujeta, toca tocan juega, besa besan abraza abrazan, lucha pelea combate, "
    "mira miran observa contempla, tira jala arrastra, empuja empujan, trepa sube escala",
    "it": "cavalca guida pedala, insegue inseguono caccia rincorre, mangia mangiano divora, "
    "tiene porta portano regge, suona suonano gioca, bacia baciano abbraccia, combatte lotta, "
    "guarda guardano osserva, tira trascina, spinge spingono, arrampica scala",
    "pt": "monta cavalga anda dirige, persegue perseguem caça, come comem devora, segura carrega leva, "
    "toca tocam joga, beija beijam abraça, luta lutam, olha observa contempla, puxa, empurra, sobe escala",
    "nl": "rijdt rijden berijdt fietst, jaagt achtervolgt achterna, eet eten vreet, houdt draagt dragen, "
    "speelt spelen, kust kussen omhelst, vecht vechten, bekijkt kijkt, trekt trekken, duwt duwen, klimt beklimt",
    "pl": "jedzie jeździ ujeżdża, goni ściga gonią, je jedzą zjada, trzyma niesie trzymają, gra grają, "
    "całuje przytula, walczy walczą, patrzy obserwuje ogląda, ciągnie, pcha, wspina",
    "ru": "едет ездит скачет катается, гонится преследует догоняет, ест едят поедает ловит ловят, держит несёт, "
    "играет играют, целует обнимает, сражается дерётся дерется борется, смотрит наблюдает глядит, тянет тащит, "
    "толкает, лезет карабкается",
    "tr": "biniyor sürüyor binen süren, kovalıyor kovalayan, yiyor yiyen, tutuyor tutan taşıyor taşıyan, çalıyor çalan "
    "oynuyor, öpüyor sarılıyor, dövüşüyor savaşıyor, izliyor bakıyor izleyen, çekiyor çeken, itiyor iten, tırmanıyor",
    "ko": "탄다 타는 타고, 쫓는 쫓고, 먹는 먹고 먹어, 든 들고 드는, 치는 연주하는 켜는, 안는 안고, 싸우는, "
    "보는 보고 바라보는, 끄는 끌고, 미는, 오르는",
    "hi": "सवार, पीछा, खाता खाती खा, पकड़े, बजाता बजाती बजा, चूमता, लड़ता लड़, देखता देखती देख, खींचता खींच, धकेलता, चढ़ता",
    "zh": "骑 骑着, 追 追着 追赶, 吃 吃着, 拿着 抱着 举着, 弹 弹着 拉着, 吻 拥抱, 打架, 看 看着, 拉, 推 推着, 爬 爬上",
    "ja": "乗る 乗って, 追う 追いかける, 食べる 食べて, 持つ 持った 持って, 弾く 弾いて, 抱く, 戦う, 見る 見て, "
    "引く, 押す, 登る",
    "ar": "يركب تركب, يطارد تطارد, يأكل تأكل, يحمل تحمل, يعزف تعزف, يقبل يعانق, يقاتل, يشاهد ينظر تنظر, "
    "يجر, يدفع, يتسلق",
}
_WITH = {
    "de": "mit",
    "fr": "avec au à",
    "es": "con",
    "it": "con",
    "pt": "com",
    "nl": "met",
    "pl": "z ze",
    "ru": "с со",
}


def _table(row: str) -> dict[str, str]:
    verbs = zip(_ENGLISH, row.split(", "), strict=True)
    return {form: verb for verb, forms in verbs for form in forms.split()}


_FORMS = {language: _table(row) for language, row in _VERBS.items()}


def act_of(
    parts: Sequence[str], first: tuple[int, int], second: tuple[int, int], language: str, labels: tuple[str, str]
) -> str:
    """The mark of what the first of two figures does with the second, or "".

    Args:
        parts: Of the text: words, or characters where no spaces separate words.
        first: From where to where the first figure is named.
        second: Likewise.
        language: Two letters.
        labels: Of the two figures.
    """
    said = list(parts[first[1] : second[0]])
    if language in VERB_LAST:
        said += parts[second[1] : second[1] + REACH]
    if language in VERB_FIRST:
        said += parts[max(0, first[0] - REACH) : first[0]]
    verb = _verb_in(said, language)
    if not verb and not any(word in _WITH.get(language, "").split() for word in said):
        return ""
    actor, other = labels
    return place_of([verb or "with", other], 0, 1, other, actor)


def is_act(word: str, language: str) -> bool:
    """Whether a word is one of these verbs."""
    return word in _FORMS.get(language, {})


def _verb_in(said: Sequence[str], language: str) -> str:
    """The English verb for the first that is said; the longest of what characters spell."""
    forms = _FORMS.get(language, {})
    joined = "".join(said) if language in ("zh", "ja") else ""
    spelled = sorted((form for form in forms if joined and form in joined), key=len, reverse=True)
    found = [form for word in said for form in forms if word == form or (language == "ko" and word.startswith(form))]
    return forms[(found or spelled)[0]] if found or spelled else ""
