"""Settings, resolved once in the command line or the app; inner functions take plain arguments."""

import os
from pathlib import Path

from platformdirs import user_data_path

DATA_VARIABLE = "BELEGT_DATA"


def data_folder(chosen: str | Path | None = None) -> Path:
    """The folder of the index: what was chosen, else BELEGT_DATA, else the platform's user data folder."""
    if chosen is not None:
        return Path(chosen).expanduser()
    named = os.environ.get(DATA_VARIABLE)
    return Path(named).expanduser() if named else user_data_path("belegt", appauthor=False)


def seeds_folder() -> Path:
    """The folder of the shipped articles."""
    import seeds

    return Path(next(iter(seeds.__path__)))
