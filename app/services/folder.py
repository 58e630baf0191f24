"""The data folder; imports no storage, so that a start can use it before the first paint."""

from __future__ import annotations

from pathlib import Path


def prepare_folder(folder: Path) -> None:
    """Make the data folder, for its owner only. Raises StoreTrouble.

    A folder in which other things lie already keeps its mode: `--data /tmp` must not lock
    everybody else out of it. The store itself is its owner's alone in any case.
    """
    try:
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if made or not any(folder.iterdir()):
            folder.chmod(0o700)
    except OSError as error:
        raise folder_trouble(folder, error) from error
