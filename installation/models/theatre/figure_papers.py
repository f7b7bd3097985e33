"""The paper that each figure is cut from where no word names its colour: muted, so that named colours stay brighter."""

from __future__ import annotations

from collections.abc import Mapping

from installation.models.theatre.further_figures import FURTHER


def _by_figure(papers: Mapping[str, str]) -> dict[str, str]:
    """The paper of each figure; of a further figure its own, or that of the figure that it is like."""
    own = {label.replace("_", " "): paper for paper, labels in papers.items() for label in labels.split()}
    return {name: own[further.like] for name, further in FURTHER.items() if further.like in own} | own


_PAPERS = {  # hexadecimal RGB: the figures that are cut from it
    "8a5a3c": "horse dog deer monkey violin guitar bear owl chair bridge kangaroo",
    "6f6a68": "wolf elephant castle tower anchor hourglass spider mouse dinosaur",
    "c4622d": "rooster fox tiger fish lantern squirrel crab",
    "c99a4b": "lion camel bee crown bell lamp candle star key kite pizza cake giraffe cage mirror",
    "efe6d4": "swan sheep unicorn ghost angel skull feather letter dolphin snowman astronaut rabbit cup",
    "d9c9ad": "cow bird house church windmill tent mask bed balcony water_mill",
    "3d4a63": "shark submarine train knight crow bat eagle penguin",
    "4a4038": "cat piano",
    "5d7350": "turtle snake pine palm cactus dragon leaf crocodile christmas_tree frog",
    "b1524a": "flower rose heart bus tram balloon mushroom apple umbrella king lighthouse book parrot swing",
    "c9808a": "pig octopus jellyfish hand eye",
    "6a6f9c": "butterfly robot ferris_wheel door",
    "4f8086": "peacock boat bicycle car bottle duck telephone mermaid",
    "7a5470": "old_woman witch vase hat queen",
    "a07a54": "ship clock table bench fence stairs snail wheel sword",
    "9c9a96": "airplane rocket fountain",
    "b98a6a": "ball",
    "b35a86": "clown",
    "e07a2c": "flame",
    "5f7f45": "tree fairy",
    "4d4038": "hedgehog",
    "3f6690": "whale",
    "34353f": "gondola",
    "b9653c": "child",
    "e2808f": "flamingo",
    "d9a13a": "fisherman",
    "4a6f9a": "farmer",
    "3f7478": "doctor",
    "b0404c": "nurse",
    "6b7350": "soldier walker scarecrow",
    "34507a": "sailor policeman",
    "6b3238": "pirate",
    "4d5563": "cook waiter",
    "b43a2f": "fireman skier",
    "e0a12e": "builder",
    "6b4a35": "monk",
    "4f7f6a": "boy",
    "85868c": "old_man",
    "4f5f94": "sleeper dancing_couple",
    "7a4f5f": "reader singer",
    "3f86a6": "swimmer",
    "9a3b3a": "rider",
    "2f7f8a": "cyclist",
    "f6f1e8": "bride skeleton",
    "5a6f8f": "family man",
    "3d3843": "violinist vampire thief",
    "4a4c8c": "wizard",
    "2f6a9f": "runner",
    "8c6650": "group",
    "c47a98": "princess dancer",
    "4f6f8f": "painter",
    "8a5a86": "woman mother",
    "5f6496": "couple",
    "8fb0b8": "baby",
}
FIGURE_PAPERS: dict[str, str] = _by_figure(_PAPERS)
_SECOND_PAPERS = {  # of what a named colour leaves as it is: skin, stems, wood
    "5a4636": "tree palm swing",
    "6b4f38": "water_mill cage giraffe",
    "5d7350": "flower rose",
    "e6d8bd": "mushroom gondola flamingo whale clown penguin lighthouse",
    "f2cfae": "mermaid queen child woman king man old_woman mother walker couple",
    "c9b08a": "hedgehog squirrel kangaroo snail",
    "d6e2ae": "witch",
    "3f7f8c": "parrot",
    "9c5540": "house castle snowman letter",
    "5d6876": "church",
    "7d5c3c": "windmill",
    "46403c": "sheep",
    "7a5238": "cow",
    "c9a45c": "dragon",
    "efe6d4": "elephant",
    "8f5f30": "lion",
    "f3ead8": "bee",
    "d88f35": "duck swan unicorn",
    "a83a2e": "rooster",
    "4f7d78": "balcony",
    "a9c4cc": "mirror",
    "e3d6e8": "fairy",
    "f0c9a4": "fisherman policeman boy old_man reader family group painter dancer baby",
    "e8c181": "farmer",
    "f3e6d8": "doctor nurse sailor cook waiter fireman skier",
    "e6bd98": "soldier pirate monk",
    "dda27c": "singer violinist runner",
    "f2d6ba": "sleeper princess",
    "c98f66": "rider bride",
    "eab98f": "swimmer cyclist",
    "eebba6": "dancing_couple",
    "efe2d0": "wizard vampire",
    "dcb763": "scarecrow",
    "e3c496": "thief",
    "96604a": "builder",
}
SECOND_PAPERS: dict[str, str] = _by_figure(_SECOND_PAPERS)
LEAFY = ("tree",)  # figures whose paper follows the season
SEASONS = {  # group and class: the colour of leaves
    ("sky", "winter"): "b9c6cc",
    ("weather", "snow"): "dfe6ea",
    ("weather", "autumn leaves"): "c8702c",
    ("weather", "petals"): "e6a3b6",
}
GLOWING = ("e07a2c",)  # papers that the night does not darken
