"""Models that do not come with Laterna: which there are, how they are installed, how far they can be trusted.

Nothing here runs during a show.
"""
