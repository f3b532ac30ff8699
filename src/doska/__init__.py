"""Doska: a Kanban board platform."""

__version__ = "0.1.0"
