"""The paper that each figure is cut from where no word names its colour: muted, so that named colours stay brighter."""

from __future__ import annotations

_PAPERS = {  # hexadecimal RGB: the figures that are cut from it
    "8a5a3c": "horse dog deer monkey violin guitar bear owl chair bridge",
    "6f6a68": "wolf elephant castle tower anchor hourglass spider mouse dinosaur",
    "c4622d": "rooster fox tiger fish flame lantern",
    "c99a4b": "lion camel bee crown bell lamp candle star key kite pizza cake",
    "efe6d4": "swan sheep unicorn ghost angel skull feather letter dolphin snowman astronaut rabbit cup",
    "d9c9ad": "cow bird house church windmill tent mask bed",
    "3d4a63": "whale shark submarine man train walker knight crow bat eagle penguin",
    "4a4038": "cat tree piano",
    "5d7350": "turtle snake pine palm cactus dragon leaf crocodile christmas_tree frog",
    "b1524a": "flower rose heart bus tram balloon mushroom apple umbrella king lighthouse book",
    "c9808a": "pig dancer octopus baby jellyfish hand eye",
    "6a6f9c": "butterfly woman couple robot ferris_wheel door",
    "4f8086": "peacock boat bicycle car bottle duck telephone",
    "7a5470": "old_woman mother witch vase hat",
    "a07a54": "ship clock table bench fence stairs snail wheel sword",
    "9c9a96": "airplane rocket fountain",
    "b98a6a": "group child clown ball",
}
FIGURE_PAPERS: dict[str, str] = {
    label.replace("_", " "): paper for paper, labels in _PAPERS.items() for label in labels.split()
}
