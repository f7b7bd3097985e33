"""Generators and perceptors: `load_generator`, `load_perceptor`, and `choose` for the name "auto".

Importing this imports neither torch nor a model library.
"""

from installation.models.registry import (
    GENERATORS,
    LISTENER,
    PERCEPTORS,
    all_specs,
    generator_spec,
    listed_specs,
    load_generator,
    load_listener,
    load_perceptor,
    not_installed,
    perceptor_spec,
)
from installation.models.selection import (
    AUTO,
    MODELS_VARIABLE,
    bank_file,
    choose,
    default_place,
    fallback_generator,
    free_memory,
    has_bank,
    matching_perceptors,
)

__all__ = [
    "AUTO",
    "GENERATORS",
    "LISTENER",
    "MODELS_VARIABLE",
    "PERCEPTORS",
    "all_specs",
    "bank_file",
    "choose",
    "default_place",
    "fallback_generator",
    "free_memory",
    "generator_spec",
    "has_bank",
    "listed_specs",
    "load_generator",
    "load_listener",
    "load_perceptor",
    "matching_perceptors",
    "not_installed",
    "perceptor_spec",
]
