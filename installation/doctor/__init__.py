"""Checks whether this machine can run a show, and what would help if it cannot."""
