"""Speech recognition: from a microphone or a recording to transcriptions, in a worker process of its own."""
