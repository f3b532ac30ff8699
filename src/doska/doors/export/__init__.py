"""Boards as files: a whole board in one of several formats."""
