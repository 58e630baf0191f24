"""Where the board was last served, kept for the next outage, and the links as phones open them.

A setting of the store: a copy on another laptop has another address, which is asked again there.
"""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.models.crew.links import LinkKind
from app.models.crew.serving import Serving, serving_from
from app.models.tables.settings import Setting
from app.services.crew.links import crew_links
from app.services.uow import UnitOfWork

if TYPE_CHECKING:
    from app.models.reports.packet import BoardLink

NAME = "crew/serving"


@dataclass(frozen=True, slots=True)
class Served:
    """`serving`: as chosen last. `on`: it was being served when this was last noted, and nobody
    switched it off since. `host`: by which computer, of a store that several consoles share."""

    serving: Serving
    on: bool = False
    host: str = ""

    @property
    def elsewhere(self) -> str:
        """The other computer that serves it, as that one last said."""
        return self.host if self.on and self.host != socket.gethostname() else ""


def served(uow: UnitOfWork) -> Served:
    """A query."""
    row = uow.find(Setting, NAME)
    if row is None:
        return Served(Serving())
    kept = json.loads(row.value)
    return Served(serving_from(kept.get("serving")), bool(kept.get("on")), kept.get("host", ""))


def note_served(uow: UnitOfWork, serving: Serving, *, on: bool = True) -> None:
    """It is served so from now on, or no longer."""
    row = uow.find(Setting, NAME) or uow.add(Setting(name=NAME))
    host = socket.gethostname()
    row.value = json.dumps({"serving": serving.as_json(), "on": on, "host": host})
    where = f"served at {serving.base}" if on else "no longer served"
    uow.log(f"crew board {where}", kind="crew")


def board_links(uow: UnitOfWork, outage_id: str) -> tuple[BoardLink, ...]:
    """A query: the same for paper, in the order of their steps."""
    from app.models.reports.packet import BoardLink

    told = links_told(uow, outage_id)
    rows = crew_links(uow, outage_id).rows if told else ()
    return tuple(
        BoardLink(row.name, row.codes, told[row.person_id]) for row in rows if row.person_id in told
    )


def links_told(uow: UnitOfWork, outage_id: str) -> dict[str, str]:
    """A query: the whole link of each of the crew, by the person's id; of nobody while the board is
    off for this outage, or is served where no phone reaches it."""
    kept = served(uow)
    if not kept.on or not kept.serving.is_reached:
        return {}
    rows = crew_links(uow, outage_id).rows
    base = kept.serving.base
    return {row.person_id: base + row.path for row in rows if row.kind is LinkKind.CREW}
