"""Dependencies between steps: what is ready, in which order, and whether they go in a circle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from app.models.errors import BadInput, NotAllowed
from app.models.ids import StepId
from app.models.runbook.steps import SETTLED, Column, Step, StepState, column_of


def by_id(steps: Iterable[Step]) -> dict[StepId, Step]:
    return {step.id: step for step in steps}


def waits_for(step: Step, index: Mapping[StepId, Step]) -> tuple[Step, ...]:
    """The predecessors neither done nor skipped, in the order of `index`.

    A predecessor that is not in `index` (archived) holds nobody up.
    """
    if not step.after:
        return ()
    open_ids = {i for i in step.after if i in index and index[i].state not in SETTLED}
    return tuple(index[i] for i in index if i in open_ids) if open_ids else ()


def is_ready(step: Step, index: Mapping[StepId, Step]) -> bool:
    """Not begun, and nothing it comes after is still open."""
    if step.state is not StepState.TODO:
        return False
    return all(index[i].state in SETTLED for i in step.after if i in index)


def ready_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that may start now, in the order given."""
    index = by_id(steps)
    return tuple(step for step in steps if is_ready(step, index))


def columns(steps: Sequence[Step]) -> dict[StepId, Column]:
    """The board column of each step."""
    index = by_id(steps)
    return {s.id: column_of(s.state, ready=is_ready(s, index)) for s in steps}


def require_startable(step: Step, index: Mapping[StepId, Step]) -> None:
    """Raises NotAllowed, naming what the step waits for, while a predecessor is open."""
    waiting = waits_for(step, index)
    if not waiting:
        return
    names = "; ".join(f"{other.label} ({other.state.words})" for other in waiting[:5])
    more = f"; and {len(waiting) - 5} more" if len(waiting) > 5 else ""
    raise NotAllowed(
        f"Step {step.label} waits for {names}{more}. Nothing was changed: finish or skip "
        f"{'that' if len(waiting) == 1 else 'those'} first, or take the dependency away.",
        step=step.id,
        waits_for=tuple(other.id for other in waiting),
    )


def predecessors(steps: Sequence[Step]) -> list[list[int]]:
    """For each step the positions of its predecessors among `steps`; unknown ids are left out."""
    place = {step.id: at for at, step in enumerate(steps)}
    return [[place[i] for i in step.after if i in place] for step in steps]


def successors(before: Sequence[Sequence[int]]) -> list[list[int]]:
    """`before` turned round, each list in rising order."""
    following: list[list[int]] = [[] for _ in before]
    for at, earlier in enumerate(before):
        for other in earlier:
            following[other].append(at)
    return following


def positions_in_order(
    before: Sequence[Sequence[int]], following: Sequence[Sequence[int]]
) -> list[int]:
    """Positions, each after all its predecessors; shorter than `before` when there is a cycle.

    Kahn's algorithm on plain integers: the forecast runs it on every change and a graphlib
    sorter alone would use up its time.
    """
    missing = [len(earlier) for earlier in before]
    order = [at for at, count in enumerate(missing) if not count]
    for at in order:  # grows while we walk it
        for other in following[at]:
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    return order


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, each after everything it depends on; otherwise in the order given.

    Raises BadInput naming a cycle by its codes.
    """
    before = predecessors(steps)
    order = positions_in_order(before, successors(before))
    if len(order) < len(steps):
        raise cycle_error([step.code for step in steps], before, order)
    return tuple(steps[at] for at in order)


def cycle_error(
    codes: Sequence[str], before: Sequence[Sequence[int]], order: Iterable[int]
) -> BadInput:
    """The error that names one cycle among the positions missing from `order`."""
    stuck = set(range(len(codes))) - set(order)
    at = min(stuck)
    walk: list[int] = []
    met: dict[int, int] = {}
    while at not in met:  # every stuck position has a stuck predecessor, so this closes a ring
        met[at] = len(walk)
        walk.append(at)
        at = next(other for other in before[at] if other in stuck)
    ring = [codes[i] for i in [*walk[met[at] :], at]]
    shown = ring if len(ring) <= 12 else [*ring[:6], "…", *ring[-5:]]
    if len(ring) == 2:
        sentence = f"Step {ring[0]} comes after itself; take that dependency away."
    else:
        sentence = (
            f"The steps wait for each other in a circle: {' after '.join(shown)}. "
            "Take one of these dependencies away; nothing was changed."
        )
    return BadInput(sentence, cycle=tuple(ring))


def lift_out(steps: Sequence[Step], gone: Collection[StepId]) -> tuple[Step, ...]:
    """The same steps, where whatever came after one of `gone` comes after what that came after,
    so that leaving it out loses no order. Raises BadInput naming a cycle."""
    if not gone:
        return tuple(steps)
    reach: dict[StepId, frozenset[StepId]] = {}
    rewired: dict[StepId, Step] = {}
    for step in in_order(steps):
        after: set[StepId] = set()
        for earlier in step.after:
            after.update(reach[earlier] if earlier in gone and earlier in reach else (earlier,))
        reach[step.id] = frozenset(after)
        rewired[step.id] = step if after == step.after else replace(step, after=frozenset(after))
    return tuple(rewired[step.id] for step in steps)
