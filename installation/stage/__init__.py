"""The stage: the window that the audience sees or, without a screen, a picture in memory."""
