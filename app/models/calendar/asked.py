"""Who answers for a business event, and that operations asked them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.models.times import speak_date


@dataclass(frozen=True, slots=True)
class Asked:
    """`responsible` by name; `answer` in their words, empty while there is none."""

    responsible: str = ""
    on: date | None = None
    by: str = ""
    answer: str = ""

    @property
    def words(self) -> str:
        """`Dana Ortiz answers for it; asked Mon 3 Nov by M. Okafor: “only after 18:00”`. Empty
        when nothing is known."""
        parts = [f"{self.responsible} answers for it"] if self.responsible else []
        if self.on is not None:
            by = f" by {self.by}" if self.by else ""
            said = f": “{self.answer}”" if self.answer else ", no answer yet"
            parts.append(f"asked {speak_date(self.on)} {self.on.year}{by}{said}")
        elif self.answer:
            parts.append(f"answer: “{self.answer}”")
        return "; ".join(parts)

    @property
    def within(self) -> str:
        """The same to stand between brackets."""
        return self.words.translate({ord("("): "[", ord(")"): "]"})
