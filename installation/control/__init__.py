"""The Desk: the process that outside tools talk to. OSC today; OSCQuery, the web page and MIDI get their files here.

packets (bytes <-> messages) -> osc_rules (meaning) -> desk (state, replies) -> outbox (to main); sockets has the ports,
feedback and scheduler have the clock's part, process ties them together.
"""
