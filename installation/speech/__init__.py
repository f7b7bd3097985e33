"""Hearing: microphone, voice, words. The listener is a process of its own; typed words never need it."""
