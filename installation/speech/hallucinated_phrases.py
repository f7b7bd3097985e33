"""Phrases that recognisers trained on subtitles hallucinate on silence: lower case, without punctuation.

They are collected from public reports about Whisper. All of them can also be spoken on a stage, so that the
hallucination filter rejects them only if the evidence of speech is weak.
"""

from __future__ import annotations

PHRASES = {  # by language
    "en": frozenset(
        {
            "bye",
            "bye bye",
            "bye everyone",
            "goodbye",
            "i'll see you in the next one",
            "i'll see you in the next video",
            "i'll see you next time",
            "i'm going to go to the next one",
            "i'm sorry",
            "like and subscribe",
            "oh",
            "okay",
            "please like and subscribe",
            "please subscribe",
            "please subscribe to my channel",
            "please subscribe to our channel",
            "please see the complete disclaimer at",
            "see you",
            "see you in the next video",
            "see you next time",
            "so",
            "subscribe",
            "thank you",
            "thank you all",
            "thank you all for watching",
            "thank you bye",
            "thank you for listening",
            "thank you for watching",
            "thank you for watching this video",
            "thank you for your attention",
            "thank you guys",
            "thank you so much",
            "thank you so much for watching",
            "thank you thank you",
            "thank you very much",
            "thank you very much for watching",
            "thanks",
            "thanks for listening",
            "thanks for watching",
            "thanks for watching and see you next time",
            "thanks for watching bye",
            "thanks for watching everyone",
            "thanks for watching guys",
            "the end",
            "uh",
            "we'll be right back",
            "we'll see you next time",
            "yeah",
            "you",
        }
    ),
    "de": frozenset(
        {
            "das war's",
            "vielen dank",
            "vielen dank fürs zuschauen",
            "bis zum nächsten mal",
            "tschüss",
            "danke",
        }
    ),
    "fr": frozenset({"merci", "merci d'avoir regardé cette vidéo", "à bientôt"}),
    "es": frozenset({"gracias", "gracias por ver el video", "gracias por ver el vídeo"}),
    "pt": frozenset({"obrigado", "obrigado por assistir"}),
    "it": frozenset({"grazie", "grazie a tutti", "grazie per aver guardato il video"}),
    "pl": frozenset({"dziękuję", "dziękuję za uwagę"}),
    "ru": frozenset({"спасибо за просмотр", "продолжение следует"}),
    "ja": frozenset({"ご視聴ありがとうございました"}),
    "zh": frozenset({"谢谢观看", "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目"}),
    "ko": frozenset({"시청해주셔서 감사합니다"}),
}

ATTRIBUTIONS = frozenset(  # of subtitle authors, hallucinated in any language
    {
        "untertitel der amara org community",
        "untertitel im auftrag des zdf",
        "untertitelung des zdf für funk",
        "sous titres réalisés par la communauté d'amara org",
        "sous titrage st' 501",
        "subtítulos realizados por la comunidad de amara org",
        "legendas pela comunidade amara org",
        "sottotitoli creati dalla comunità amara org",
        "ondertiteld door de amara org gemeenschap",
        "субтитры сделал dimatorzok",
    }
)

CREDIT_FRAGMENTS = ("amara.org", "subtitles by", "transcribed by", "captioned by", "subs by", "www.", ".com/", "©")
"""Parts of a text that identify it as a subtitle credit."""
