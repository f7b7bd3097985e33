"""Training data: the lexicon, captions, text batches, sampled scenes and rendered images."""
