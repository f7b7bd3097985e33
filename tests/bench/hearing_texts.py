"""What is said in `tests.bench.hearing`."""

from __future__ import annotations

SCRIPT = (
    "The lighthouse turns its slow eye over the harbour.",
    "Seven white horses run along the shore.",
    "A clock without hands hangs in the empty station.",
    "Snow is falling on the roofs of the old town.",
    "The moon climbs out of a well.",
    "Green fire burns between the stones.",
    "An owl carries a letter through the dark wood.",
    "The river forgets the name of the mountain.",
    "Children fly paper kites above the cathedral.",
    "Red leaves drift across the frozen lake.",
    "The baker feeds his bread to the pigeons.",
    "A whale is singing under the city.",
)
FREE = (
    "A tiger in the snow.",
    "I would like to see a castle on a hill.",
    "An old woman with a red umbrella.",
    "Three boats on a quiet lake in the morning.",
    "A robot playing the piano.",
    "Fireworks over the city at midnight.",
)
MESSY = (
    "Um, can you show me, I don't know, a tiger in the snow?",
    "I'm thinking of like a big old clock tower.",
    "A fox, no, a wolf in the forest.",
    "Okay, let's try a garden, you know, with roses.",
    "Well, maybe something like a volcano at night.",
    "A harbour without the boats, please.",
)
SHORT = (
    "okay",
    "the end",
    "goodbye",
    "snow",
    "love",
    "fire",
    "the sea",
    "thank you",
    "stars",
    "a wolf",
    "winter",
    "a red bird",
    "the moon",
    "music",
    "yes",
    "higher",
    "a lighthouse",
    "home",
    "silence",
    "the garden",
)
GERMAN = (
    "Der Leuchtturm dreht sein Auge langsam über den Hafen",
    "Sieben weiße Pferde laufen am Ufer entlang",
    "Eine Uhr ohne Zeiger hängt im leeren Bahnhof",
    "Schnee fällt auf die Dächer der alten Stadt",
    "Der Mond steigt langsam aus dem Brunnen",
    "Grünes Feuer brennt zwischen den Steinen",
    "Eine Eule trägt einen Brief durch den Wald",
    "Der Fluss vergisst den Namen des Berges",
    "Kinder lassen Drachen über dem Dom steigen",
    "Eine Geige schläft in einem Bett aus Moos",
    "Rote Blätter treiben über den gefrorenen See",
    "Der Bäcker füttert die Tauben mit Brot",
    "Ein Wal singt tief unter der Stadt",
    "Licht fällt durch das zerbrochene Fenster",
    "Meine Großmutter pflanzte Rosen an der Bahn",
    "Tausend Laternen schweben in den Himmel",
    "Der Tiger wartet hinter einem Vorhang aus Regen",
    "Jemand hat die Wüste blau gemalt",
    "Schiffe aus Glas segeln über das Weizenfeld",
    "Am Morgen ist der Garten voller Vögel",
)
FOREIGN = {
    "de": GERMAN[:6],
    "fr": (
        "Une petite maison au bord de la mer.",
        "Le vieux marin regarde les étoiles.",
        "Un cheval blanc traverse la forêt.",
        "La neige tombe sur les toits de la ville.",
    ),
    "es": (
        "La luna brilla sobre la ciudad dormida.",
        "Un gato negro camina por el jardín.",
        "El viejo barco vuelve al puerto.",
        "La nieve cae sobre la montaña.",
    ),
    "it": (
        "La luna brilla sopra la città.",
        "Un gatto nero cammina nel giardino.",
        "La vecchia nave torna al porto.",
        "La neve cade sulla montagna.",
    ),
}
