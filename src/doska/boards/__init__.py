"""Boards, their people, and the log of each board."""
