"""The rules of a show: messages and time in, effects out. No I/O, no clock, no torch."""
