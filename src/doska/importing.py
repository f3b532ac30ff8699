"""The process in which files are read for imports, started as ``python -m doska.importing``.

It stands above all features: an archive's rows are checked against their declarations.
"""

import doska.features  # noqa: F401  # declares all kinds
from doska.doors.reading import main

if __name__ == "__main__":
    main()
