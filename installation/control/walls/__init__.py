"""Several walls in step: one show leads, others paint the same frames at the same time."""
