"""Open doors: boards of other programs come in, with an account of each value of the file."""
