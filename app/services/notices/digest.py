"""The executive digest of one flight: what leaders want to know, before it, during it and after.

It goes out when somebody wants it to, and is owed to nobody: leaders are left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.models.notices.facts import NoticeFacts
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.runbook import Phase, StepState
from app.models.times import speak_span
from app.services.notices.gathering import Known
from app.services.notices.recipients import ever_reached
from app.services.outages.turning_back import changed_for_people

_STANDS = {
    State.PLANNED: "People have not been told yet.",
    State.ANNOUNCED: "People were told.",
    State.GO_NO_GO: "Whether it goes ahead is being decided.",
    State.HOLD: "It has not begun: it is on hold.",
    State.VERIFYING: "The work is done and is being checked.",
    State.BACKING_OUT: "The work was stopped and is being taken back.",
    State.COMPLETE: "It was done as planned.",
    State.PARTLY_DONE: "Part of the work was done.",
    State.BACKED_OUT: "The work was stopped and the old state put back.",
}


def stands_now(known: Known) -> str:
    """Where it stands, in a sentence."""
    outage = known.outage
    if outage.state is State.IN_PROGRESS:
        steps = [s for s in known.steps.known if s.phase in (Phase.WINDOW, Phase.VERIFY)]
        over = sum(s.state in (StepState.DONE, StepState.SKIPPED) for s in steps)
        return f"{over} of {len(steps)} steps are done."
    if outage.state is State.BACKED_OUT and changed_for_people(known.steps, outage.state):
        return "The work was stopped; not everything is as it was before."
    return _STANDS.get(outage.state, "")


def digest_facts(known: Known, facts: NoticeFacts) -> NoticeFacts:
    outage = known.outage
    closed = outage.state in CLOSED
    held = outage.state is not State.CANCELLED
    told = sum(max(r.size, 1) for r in ever_reached(known.left).values())
    return replace(
        facts,
        told=f"{told:,} {'person was' if told == 1 else 'people were'} told" if told else "",
        under_way=outage.state in FLYING,
        not_held=not held,
        ended_at=outage.ended_at if closed and held else None,
        no_way_back=() if closed else tuple(_no_way_back(known)),
        stays_changed=changed_for_people(known.steps, outage.state)
        if outage.state is State.BACKED_OUT
        else (),
        data_loss=outage.data_loss,
        user_check=outage.user_check,
        check_due=None if outage.user_check else outage.user_check_due,
        checker=outage.checker,
        changes=known.changes if closed else (),
        figures=tuple(_figures(known)) if closed and held else (),
        coming=known.coming,
    )


def _no_way_back(known: Known) -> Iterator[str]:
    for row in known.steps.rows:
        if row.no_return and row.phase is Phase.WINDOW:
            yield f"{row.code} {row.title}"


def _figures(known: Known) -> Iterator[str]:
    outage = known.outage
    if outage.started_at is not None and outage.ended_at is not None:
        took = speak_span(outage.ended_at - outage.started_at)
        said = speak_span(outage.end_utc - outage.start_utc)
        yield f"It took {took}; {said} were announced."
    called = dict.fromkeys(d.asked_of for d in known.decisions if d.was_called and d.asked_of)
    yield f"Called up for a decision: {', '.join(called)}." if called else "Nobody was called up."
