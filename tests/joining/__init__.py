"""From the ids that a board tells afterwards to the comments that it asked us about."""
