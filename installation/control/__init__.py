"""Control surfaces: everything that steers a show from outside.

For OSC, a packet passes through `osc_sockets` (UDP, TCP) -> `osc_codec` (bytes to messages) -> `osc_server` (state) ->
`osc_dispatch` (meaning) -> `osc_repetitions` (held buttons, repeated values). `osc_access` checks the passcode;
`osc_verbs` carries out what peers ask of the server itself, `osc_values` answers queries, `osc_replies` collects what
goes back; `subscriptions`, `bundle_scheduler`, `edges` and `rate_limit` hold the parts that depend on time;
`message_log` holds what `/laterna/why` tells. `osc_surface` runs it as a `ControlSurface` inside the control worker.

`web/` holds the operator page, the audience page and OSCQuery, `midi/` MIDI controllers, and `layouts/` writes files
for the programs that send OSC.
"""
