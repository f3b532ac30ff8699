"""Columns, tasks, assignees and subtasks."""
