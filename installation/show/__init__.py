"""The show file: its settings, its loader, its scripts and voice commands."""
