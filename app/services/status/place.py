"""Where the status page is written. It lies in a file beside the store and not in it: a backup put
back, a rehearsal or a take-over must not begin to publish."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from app.models.errors import BadInput, NotAllowed
from app.models.status import GENERATOR, PAGE
from app.services.clock import REHEARSAL
from app.services.folder import folder_trouble
from app.services.reports.files import file_trouble

FILE_NAME = "status-page.json"


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """`folder` None: no page is written. `address` is where people open it, ending with a slash;
    empty when it was not said."""

    folder: Path | None = None
    address: str = ""


def place_of(data: Path) -> StatusPlace:
    """What is set for a data folder. Raises BadInput."""
    try:
        kept = json.loads((data / FILE_NAME).read_text(encoding="utf-8"))
        return StatusPlace(Path(kept["folder"]) if kept["folder"] else None, kept["address"])
    except FileNotFoundError:
        return StatusPlace()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{data / FILE_NAME} cannot be read ({error}). Put it away and choose the folder of "
            "the status page again in Settings."
        ) from error


def choose_status_folder(data: Path, folder: Path | None, address: str = "") -> StatusPlace:
    """From now on the page is written there (None: no longer; what lies there stays). Raises
    BadInput when it is no folder, lies within the data folder, cannot be written, or when the
    address is none; NotAllowed in a rehearsal, whose outages nobody was really told of."""
    if folder is not None:
        if (data / REHEARSAL).exists():
            raise NotAllowed(
                "This is a rehearsal: its outages are not real, so no status page is written from "
                "it. Nothing was changed."
            )
        _require_fit(data.resolve(), folder)
    place = StatusPlace(folder, address_of(address))
    part = data / f"{FILE_NAME}.part"
    try:
        part.write_text(
            json.dumps({"folder": str(folder or ""), "address": place.address}), encoding="utf-8"
        )
        part.replace(data / FILE_NAME)
    except OSError as error:
        raise folder_trouble(data, error) from error
    return place


def address_of(typed: str) -> str:
    """A web address with its slash at the end, without the page's name. Raises BadInput."""
    said = typed.strip().removesuffix("index.html")
    if not said:
        return ""
    if not said.startswith(("https://", "http://")) or any(
        c.isspace() or c in "<>\"'" for c in said
    ):
        raise BadInput(
            f"“{typed.strip()}” is no web address; write it like https://status.example/."
        )
    return said if said.endswith("/") else f"{said}/"


def require_ours(folder: Path) -> None:
    """Raises BadInput when somebody else's page lies in the folder, or it cannot be read."""
    try:
        there = (folder / PAGE).read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise file_trouble(error, folder / PAGE) from error
    if GENERATOR.encode() not in there[:4096]:
        raise BadInput(
            f"There is another page in {folder} ({PAGE} is not of this console); nothing was "
            "written. Choose a folder of its own."
        )


def _require_fit(data: Path, folder: Path) -> None:
    if not os.path.isdir(folder):  # noqa: PTH112  (False, never an error, whatever the share says)
        raise BadInput(f"{folder} is no folder; nothing was changed. Choose one that is there.")
    if folder.resolve() == data or folder.resolve().is_relative_to(data):
        raise BadInput(
            "That lies within the data folder, which others must not read; nothing was changed. "
            "Choose a folder of its own."
        )
    require_ours(folder)
    try:
        probe = folder / f".{uuid.uuid4()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written ({error.strerror}); nothing was changed. Choose another."
        ) from error
