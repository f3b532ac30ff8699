"""Trello: the board's own export."""
