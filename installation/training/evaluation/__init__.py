"""How well pictures answer words."""
