"""Steps that cannot be undone: beginning one is a decision, and after it there is no way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models.runbook.steps import Step
from app.models.times import speak_time, to_wall


@dataclass(frozen=True, slots=True)
class NoReturn:
    """In place of a latest start: the step cannot be undone, so starting it at any time is a
    named decision."""

    step: Step

    @property
    def sentence(self) -> str:
        return (
            f"Step {self.step.label} cannot be undone: once it is begun there is no way back. "
            "Starting it needs a decision by the person the decision card names."
        )


@dataclass(frozen=True, slots=True)
class PastReturn:
    """In place of a back-out moment: `steps` are begun and cannot be undone, the first begun first.
    What else was begun can still be undone; the flight as a whole cannot."""

    steps: tuple[Step, ...]

    @property
    def since(self) -> datetime | None:
        """None where nobody knows when it was begun."""
        return self.steps[0].started_at

    @property
    def codes(self) -> str:
        """`step 7`, `steps 7, 9`."""
        codes = ", ".join(step.code for step in self.steps)
        return f"step{'s' if len(self.steps) > 1 else ''} {codes}"

    @property
    def labels(self) -> str:
        return ", ".join(step.label for step in self.steps)

    def words(self, zone: str) -> str:
        """`past no return since 20:14 (step 7)`."""
        since = f" since {speak_time(to_wall(self.since, zone))}" if self.since else ""
        return f"past no return{since} ({self.codes})"

    def headline(self, zone: str) -> str:
        return f"P{self.words(zone)[1:]}"


def past_return(steps: Sequence[Step]) -> PastReturn | None:
    """The steps done or begun that cannot be undone; None while everything can be."""
    begun = [step for step in steps if step.no_return and step.begun]
    if not begun:
        return None
    dated = sorted(
        (step for step in begun if step.started_at), key=lambda s: (s.started_at, s.code)
    )
    return PastReturn((*dated, *(step for step in begun if not step.started_at)))
