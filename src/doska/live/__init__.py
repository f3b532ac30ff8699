"""The whole board at once, and what happens on it."""
