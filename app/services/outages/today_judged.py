"""What is known of one outage while Today is put together."""

from __future__ import annotations

from typing import NamedTuple

from app.models.outages.debt import Debt
from app.services.outages.today_rows import NeedRow


class Judged(NamedTuple):
    """What an outage owes and what is to be done for it, as of a version of it."""

    version: int
    owed: tuple[Debt, ...]
    needs: tuple[NeedRow, ...]
