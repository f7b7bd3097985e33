"""MIDI controllers: `midi_map` says what a knob, a fader or a pad means, `surface` owns the ports."""
