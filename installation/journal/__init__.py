"""The journal of a performance: written as it happens, read back for a replay."""
