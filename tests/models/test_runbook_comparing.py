"""What changed between two revisions, in words."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.models.runbook import RunbookTemplate, TemplateStep
from app.models.runbook.comparing import changes_between

ONE = TemplateStep("1", "Drain", 10)
TWO = TemplateStep("2", "Flash", 30, after=("1",), how="fwctl")
THREE = TemplateStep("3", "Look", 5, after=("2",))
OLD = RunbookTemplate("Firmware", 1, steps=(ONE, TWO, THREE))


def told(*steps: TemplateStep) -> tuple[str, ...]:
    new = replace(OLD, revision=2, steps=steps)
    return tuple(change.sentence for change in changes_between(OLD, new))


def test_the_same_steps_are_no_change() -> None:
    assert told(ONE, TWO, THREE) == ()


def test_steps_added_and_taken_away_are_told() -> None:
    four = TemplateStep("4", "Switch back", 8)
    assert told(ONE, TWO, four) == ("Added: 4 Switch back, 8 min.", "Taken away: 3 Look.")


def test_what_differs_of_a_step_stands_in_one_sentence() -> None:
    other = replace(TWO, minutes=45, after=("1", "3"), setting="level", how="x", no_return=True)
    assert told(ONE, other, THREE) == (
        "2 Flash: minutes 30 → 45; setting none → level; after 3 too; cannot be undone now; "
        "how it is done has changed.",
    )


def test_a_step_that_moved_is_told_and_those_it_passed_are_not() -> None:
    assert told(THREE, ONE, TWO) == ("Moved: 3 Look, now to the front.",)
    assert told(TWO, THREE, ONE) == ("Moved: 1 Drain, now after 3 Look.",)


def test_a_lock_and_another_name_are_told() -> None:
    new = replace(OLD, name="Disk firmware", steps=(replace(ONE, not_before=60), TWO, THREE))
    assert tuple(change.sentence for change in changes_between(OLD, new)) == (
        "The name is “Disk firmware”, was “Firmware”.",
        "1 Drain: not before none → 60.",
    )


@given(st.permutations(range(7)))
def test_another_order_is_always_told(order: list[int]) -> None:
    steps = [TemplateStep(str(n), f"Step {n}", 5) for n in range(7)]
    old = RunbookTemplate("A", 1, steps=tuple(steps))
    new = replace(old, steps=tuple(steps[n] for n in order))
    assert bool(changes_between(old, new)) == (order != sorted(order))
