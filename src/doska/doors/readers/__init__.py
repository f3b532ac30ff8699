"""Readers of formats, in the order in which files are shown to them: each makes a neutral plan."""

import doska.doors.readers.trello  # noqa: F401  # each for what it declares
