"""Undoing changes."""
