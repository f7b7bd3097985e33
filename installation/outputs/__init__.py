"""Output sinks: everything that takes the frames of the stage."""
