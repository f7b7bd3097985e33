"""Laterna: a magic lantern for spoken words."""

__version__ = "0.1.0"
