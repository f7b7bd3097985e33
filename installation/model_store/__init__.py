"""Models that do not travel with Laterna: which there are, how they come here, whether they are what they should be.

Nothing here runs during a show.
"""
