"""Readers of formats, in the order in which files are shown to them: each makes a neutral plan."""

from importlib import import_module

IN_ORDER = (
    "focalboard",  # its lines look like broken JSON to others
    "trello",
    "planka",
    "wekan",
    "deck",
    "kanboard",
    "vikunja",
    "taiga",
    "fourga",
    "jira",
    "github",
    "todoist",
    "asana",
    "obsidian",
    "plain",  # a table of any kind
)

for name in IN_ORDER:
    import_module(f"{__name__}.{name}")
