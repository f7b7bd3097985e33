"""Whether this machine can play, and what would help: one check for each thing that has ever gone wrong."""
