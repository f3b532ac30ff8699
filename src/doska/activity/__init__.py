"""A board's log in words: who did what to which task, in the reader's language."""
