"""How much a finding (a conflict, a lint rule) stands in the way."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 is the worst, for sorting."""
        return (Severity.BLOCK, Severity.WARN, Severity.NOTE).index(self)
