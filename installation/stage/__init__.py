"""The stage: the window that the audience sees, or a picture in memory where there is no screen."""
