"""A board to explore, with the people who work on it."""
