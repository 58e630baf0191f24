"""`--decided-by NAME`: a named decision given with a command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from app.models.errors import NotAllowed
from app.models.outages.decisions import Decided


def decided_of(asked: argparse.Namespace, why: str = "") -> Decided | None:
    """None where nobody is named."""
    if not asked.decided_by.strip():
        return None
    return Decided(asked.decided_by.strip(), why.strip(), instead=asked.instead.strip())


@contextmanager
def naming_the_option() -> Iterator[None]:
    """A refusal for want of a decision says how it is given here."""
    try:
        yield
    except NotAllowed as refusal:
        if "line" not in refusal.about:
            raise
        said = "--instead T" if "stands_in" in refusal.about else "--decided-by NAME"
        raise NotAllowed(f"{refusal.sentence} Here it is `{said}`.", **refusal.about) from None
