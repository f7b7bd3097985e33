"""A complete recogniser in one file: it tells long utterances from short ones."""

from __future__ import annotations

from installation.speech.interfaces import SAMPLE_RATE, RecognizedText, Recognizer, RecognizerRequest, Samples

LONG_SECONDS = 1.5


class ToyRecognizer(Recognizer):
    name = "toy"

    def decode(self, samples: Samples) -> RecognizedText:
        return RecognizedText("a long sentence" if len(samples) > LONG_SECONDS * SAMPLE_RATE else "a short one")


def create(request: RecognizerRequest) -> Recognizer:
    del request
    return ToyRecognizer()
