"""Where the files of `resources/` lie: templates, icons, theme, sample data."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_INSTALLED = _HERE / "_resources"
_CHECKOUT = _HERE.parent / "resources"


def resource(name: str) -> Path:
    """The file or folder `name` ("notices/planned.txt", always with `/`) of `resources/`.

    Works from a checkout and from an installed package. Raises FileNotFoundError when the
    installation lacks it, ValueError when `name` points outside `resources/`.
    """
    root = _CHECKOUT if _CHECKOUT.is_dir() and not _INSTALLED.is_dir() else _INSTALLED
    path = root.joinpath(*name.split("/")).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"{name!r} is not inside resources/")
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: this installation is incomplete")
    return path
