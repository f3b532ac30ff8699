"""``python -m doska`` is ``doska``."""

from doska.cli import main

main()
