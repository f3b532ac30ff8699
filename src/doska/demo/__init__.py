"""A board to look around in, with the people who work on it."""
