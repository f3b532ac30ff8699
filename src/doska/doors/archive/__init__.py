"""The lossless archive: a board with its log and its files, written and brought back."""
