"""Acts in English texts put into words that show them.

1. Animals that fish catch a fish: "a heron fishing in the lake".
2. Who casts a net throws one that opens; who hauls one in has the same on a rope.
3. A sloth hangs from the branch that it is drawn with.
4. A mermaid who combs her hair holds the comb: nobody else is there.
5. Pets that play with a ball chase it, a monkey that peels a banana eats it.
6. Climbers are hikers who climb; a donkey laden with firewood carries it.
7. What is fried or turned in a pan is cooked: "grandpa making pancakes"; dumplings and dough are kneaded.
8. Who sleds rides a sled, and who goes up a path that a mount could not be ridden on climbs it.
9. A pack animal carries one basket or sack on either side.
"""

from __future__ import annotations

from installation.text.rewriting import rewritten, rules_of

_FISHERS = (
    r"(?:(?:grizzly|polar|brown|black) )?bears?|herons?|storks?|egrets?|cranes?|pelicans?|kingfishers?|otters?|cats?|"
    r"kittens?|penguins?|seals?|eagles?|ospreys|osprey|seagulls?|gulls?|foxes|fox|raccoons?|cormorants?|flamingos?|"
    r"wolf|wolves|puffins?|dogs?"
)
_PETS = r"cats?|kittens?|dogs?|puppy|puppies|foxes|fox|cubs?|lambs?"
_TOYS = r"(?:balls?(?: of (?:wool|yarn|string))?|yarn|sticks?|leaf|leaves|feathers?|butterfl(?:y|ies)|mouse)"
_BEARERS = r"donkeys?|mules?|camels?|horses?|pony|ponies|llamas?|oxen|ox|elephants?|yaks?"
_LOADS = "firewood|wood|logs|hay|straw|sacks?|bundles?|baskets?|luggage|bricks|crates?"
_PEELERS = r"monkeys?|chimps?|chimpanzees?|gorillas?|parrots?|squirrels?|otters?|crows?|raccoons?"
_ARE = r"(?:(?:who |that |which )?(?:is|are|was|were) )?(?:(?:quietly|patiently|calmly|always|out) )?"
_THEIR = r"(?:an?|the|his|her|their|my|our|its)"
_FRIED = (
    r"pancakes?|crepes?|cr[eê]pes?|omelettes?|omelets?|(?:fried |scrambled )?eggs?|bacon|sausages?|blini|fritters?|"
    r"flapjacks"
)
_MAKES = r"(?:make|makes|made|making|cook|cooks|cooking|flip|flips|flipping|toss|tosses|tossing)"
_SOME = r"(?:(?:an?|the|some|us|me|my|his|her|our|two|three|fresh|sunday|breakfast) )*"
_MEAL = r"(?: (?:for|at) (?:breakfast|lunch|dinner|supper|tea)\b)?"
_KNEADED = (
    r"dumplings|ravioli|tortellini|gnocchi|pierogi|pelmeni|noodles|pasta|tortillas?|flatbreads?|chapatis?|dough|buns|"
    r"(?:loaf|loaves) of bread|bread"
)
_WATER = r"(?:water|lake|river|sea|pond|pool|stream)"
_PATHS = r"(?:path|hill|slope|mountain|stairs|steps|stairway|staircase|street|trail|track|ladder)"
_RULES = (
    (rf"\b(?:make|makes|made|making|fold|folds|folding|shap(?:e|es|ing)) ({_SOME}(?:{_KNEADED}))\b", r"kneading \1"),
    (r"\b(?:sleds|sledding|sledges|sledging|toboggans|tobogganing)\b", "riding a sled"),
    (rf"\b(?:rides|riding|mounts|mounting) (?=(?:the|an?) (?:\w+ )?{_PATHS}\b)", "climbing "),
    (r"\b(?:village|farm|duck|park|garden|mill) pond\b", "pond"),
    (rf"\b{_MAKES} ({_SOME}(?:{_FRIED}))\b{_MEAL}", r"frying \1"),
    (
        rf"\b({_FISHERS}) {_ARE}(?:fishing|fishes|fished)(?: for (?:an? |some )?(?:fish|salmon|trout))?"
        r"(?! (?:boats?|rods?|nets?|poles?|lines?|villages?|with|for)\b)",
        r"\1 catching a fish",
    ),
    (
        rf"\b(?:cast|throw|toss|fling)(?:s|es|ing|n)?(?: out)? ({_THEIR} )(?:fishing |big |wide |old |heavy )?nets?\b"
        r"(?! (?:curtain|worth)\b)",
        r"throwing \1castnet",
    ),
    (
        rf"\b(?:hauls?|hauling|draws?|drawing|pulls?|pulling)(?: in| up)? {_THEIR} (?:\w+ )?nets?\b",
        "throwing a castnet",
    ),
    (
        r"\b(mermaids?) (?:is |was |who is )?(?:combs?|combing|brush|brushes|brushing) "
        r"(?:her|their) (?:\w+ ){0,2}hair\b",
        r"\1 holding a comb",
    ),
    (
        r"\b(sloths?) (?:is |are )?(?:hangs?|hanging|dangles|dangling)\b(?: upside[- ]down)?"
        r"(?: (?:from|on|in|under) (?:an?|the|its) (?:\w+ )?(?:branch|tree|bough))?",
        r"\1",
    ),
    (
        rf"\b({_PETS}) {_ARE}play(?:s|ing)? with (?=(?:an?|the|its|their|her|his) (?:\w+ )?{_TOYS}\b)",
        r"\1 chasing ",
    ),
    (
        rf"\b({_PEELERS}) {_ARE}(?:peel|crack|open|bur(?:y|ie)|hoard)(?:s|ing|ying)? (?=an?|the|its|some|nuts|acorns)",
        r"\1 eating ",
    ),
    (
        r"\b(?:jump(?:s|ing)?|skip(?:s|ping)?) (?:a |the |with a |with the |her |his )?(?:skipping |jump )?ropes?\b|"
        r"\bwith (?:an?|her|his|the) (?:skipping|jump|jumping) rope\b",
        "rope-skipping",
    ),
    (r"\b(elephants?) (?:is |are )?(?:sprays?|spraying|squirts?|squirting)(?: water)?\b", r"\1 splashing in the river"),
    (
        r"\b((?:eat|nibbl|munch|chew|brows)(?:s|es|e|ing)) (?:the |some )?(?:(?:green|fresh|tender|top) )?leaves "
        r"(?:from|off|of|on|in) (?=(?:an?|the) (?:\w+ )?(?:tree|acacia|bush)\b)",
        r"\1 ",
    ),
    (
        rf"\b({_PETS}) {_ARE}(?:drink|lap)(?:s|ping|ing)?(?: up)? "
        r"(?:(?:some|the|its|her|his|an?|warm|bowl|saucer|of) )*milk\b",
        r"\1 drinking from a bowl",
    ),
    (
        r"\b(?:eat|chew|munch|nibbl|crop|rip)(?:s|es|e|ing|ping)? (?:(?:the|some|fresh|green|long|sweet|wet) )*grass\b",
        "grazing",
    ),
    (r"\bwater (?=(?:jars?|jugs?|pots?|pitchers?|buckets?)\b)", ""),
    (
        rf"\b(?:cast|throw)(?:s|ing)?(?: out)? {_THEIR} (?:fishing )?(?:line|rod)\b",
        "fishing",
    ),
    (
        r"\b(?:rings|ringing|rang) "
        r"(?=(?:an?|the|his|her|their) (?:(?:small|little|hand|old|golden|brass|silver) )?bells?\b)",
        "holding ",
    ),
    (rf"\b({_BEARERS}) (?:loaded|laden|packed|burdened)(?: down| high)? with ", r"\1 carrying "),
    (rf"\b({_BEARERS}) with (?=(?:an?|the|some|two|its)? ?(?:\w+ of )?(?:{_LOADS})\b)", r"\1 carrying "),
    (
        rf"\b({_BEARERS}) carrying (?:(?:the|some|its|their|heavy|big|full) )*"
        r"((?:wicker )?(?:baskets|sacks|crates|bundles|boxes|barrels))\b",
        r"\1 carrying two \2",
    ),
    (rf"\b({_BEARERS}|bulls?) (pulls?|pulling|draws?|drawing) (an?|the|their|its) (?:car|wagon)\b", r"\1 \2 \3 cart"),
    (
        rf"\b(?:jump|leap)(?:s|ing)? (?:(?:in|into|to) (?:the )?{_WATER} )?(?:from |off |of )?"
        rf"(an?|the) (pier|jetty|bridge)(?: (?:in|into|to) (?:the )?{_WATER})?(?! (?:house|tower)\b)",
        r"jumping on \1 \2 at the lake",
    ),
    (r"\b(carr(?:y|ies|ying) [^,.;]*?)(?:over|across|above) (?=(?:an?|the) (?:\w+ )?bridge\b)", r"\1on "),
    (r"\b((?:throw|toss)(?:s|es|ing)? [^,.;]*?)of (?=the (?:bridge|pier|jetty)\b)", r"\1from "),
    (r"\bgo(?:es)? down ((?:the|an?) \w+) and sled\b", r"riding a sled down \1"),
    (r"\b(?:play|plays|playing) (?:in|on|with) (?:the|an?|their|his|her) (?:sled|sleigh|sledge)\b", "riding a sled"),
    (r"\bwasherwom(?=[ae]n\b)", "wom"),
    (
        r"\bwash(?:es|ing)? (?:(?:the|their|her|his|our|my) )?(?:clothes|clothing|wardrobes?|laundry|linen)(?! line)\b",
        "washing laundry",
    ),
    (r"\b(is fishing|are fishing|fishing|fishes) (?=(?:an?|the) (?:\w+ )?(?:bridge|pier|jetty)\b)", r"\1 from "),
    (r"\b(climb(?:s|ing|ed)?) over (?=(?:an?|the|his|her|our) (?:\w+ )?(?:wall|fence|gate)\b)", r"\1 "),
    (r"\b(?:(?:rock|mountain|ice) )?climber(s?) (?:on|up|climbing) (?=(?:an?|the|his|her)\b)", r"hiker\1 climbing "),
    (r"\b(?:(?:rock|mountain|ice) )?(?:climber|mountaineer|alpinist)(s?)\b(?! roses?\b)", r"hiker\1"),
)
_ORDERED = rules_of(_RULES)


def acts_named(text: str) -> str:
    """An English text in which acts are said in words that show them."""
    return rewritten(text, _ORDERED)
