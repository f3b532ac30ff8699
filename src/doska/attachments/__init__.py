"""Attachments: the files and links of tasks."""
