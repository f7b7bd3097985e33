"""A performance: the processes of a show, started, watched, and ended."""
