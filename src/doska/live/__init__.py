"""The live board: its events as pages, and as streams."""
