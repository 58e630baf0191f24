"""What a flight owes, and that nobody is told too little or twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.debt import (
    ENDING_NOTICE,
    Debt,
    DebtFacts,
    DebtKind,
    Outstanding,
    Told,
    debts,
    ever_told,
)
from app.models.outages.lifecycle import ENDINGS, FLYING, NEXT, State
from app.models.outages.told import briefed

START = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)
END = START + timedelta(hours=3)
PEOPLE = [f"p{n}@hospital.example" for n in range(6)]
ENDING_KINDS = frozenset(ENDING_NOTICE.values())
ALL = frozenset(PEOPLE)

groups = st.frozensets(st.sampled_from(PEOPLE))


def facts(state: State, now: datetime = START, **more: object) -> DebtFacts:
    base = DebtFacts(state, now, START, END, now - timedelta(minutes=1), audience=ALL)
    return replace(base, **more)  # type: ignore[arg-type]


def told(
    kind: NoticeKind, whom: frozenset[str] = ALL, at: datetime = START, **more: object
) -> Told:
    base = Told(kind, at, whom, START, END)
    return replace(base, **more)  # type: ignore[arg-type]


def notices(found: tuple[Debt, ...]) -> dict[NoticeKind, Debt]:
    return {debt.notice: debt for debt in found if debt.notice is not None}


@st.composite
def histories(draw: st.DrawFn) -> tuple[State, tuple[Told, ...]]:
    """A random life: people are told (or not) by random kinds while the state goes on."""
    state, at, sent = State.DRAFT, START - timedelta(days=30), []
    for _ in range(draw(st.integers(0, 14))):
        at += timedelta(hours=draw(st.integers(1, 60)))
        if draw(st.booleans()) and NEXT[state] - {State.FILED}:
            state = draw(st.sampled_from(sorted(NEXT[state] - {State.FILED})))
            continue
        kinds = [kind for kind in NoticeKind if kind not in ENDING_KINDS]
        if state in ENDINGS:
            kinds.append(ENDING_NOTICE[state])
        sent.append(Told(draw(st.sampled_from(kinds)), at, draw(groups), START, END))
    return state, tuple(sent)


@given(histories(), groups)
def test_everyone_ever_told_is_owed_exactly_one_ending_notice(
    history: tuple[State, tuple[Told, ...]], audience: frozenset[str]
) -> None:
    state, sent = history
    found = debts(facts(state, END, told=sent, audience=audience))
    owed = [debt for debt in found if debt.notice in ENDING_KINDS]
    if state not in ENDINGS:
        assert owed == []
        return
    kind = ENDING_NOTICE[state]
    heard = frozenset().union(*(t.recipients for t in sent if t.kind is kind))
    concerned = ever_told(sent)
    if state is State.CANCELLED:  # crew and desks were asked to be there
        concerned |= briefed(t for t in sent if t.kind is not NoticeKind.MONITORING)
    assert [debt.notice for debt in owed] == ([kind] if concerned - heard else [])
    for debt in owed:
        assert debt.owed_to == concerned - heard
        after = (*sent, Told(kind, END, debt.owed_to, START, END))
        later = debts(facts(state, END, told=after, audience=audience))
        assert kind not in notices(later), "nobody is owed it twice"


def test_due_is_when_the_plan_wants_it_and_last_possible_stands_apart() -> None:
    due, last = START - timedelta(days=21), START - timedelta(days=9)
    item = PlanItem(Moment.KICK_OFF, NoticeKind.KICK_OFF, due, last, "", "Etc/UTC")
    (owed,) = debts(facts(State.PLANNED, due + timedelta(hours=1), plan=(item,)))
    assert (owed.due, owed.last_possible, owed.late_at) == (due, last, last)


def test_with_no_time_left_people_are_told_before_the_crew_is_asked() -> None:
    due, last = START - timedelta(minutes=2), START - timedelta(days=3)
    items = tuple(
        PlanItem(moment, kind, due, last, "", "Etc/UTC")
        for moment, kind in (
            (Moment.KICK_OFF, NoticeKind.KICK_OFF),
            (Moment.PLANNED, NoticeKind.PLANNED),
        )
    )
    owed = debts(facts(State.PLANNED, due + timedelta(minutes=1), plan=items, audience=ALL))
    assert [debt.notice for debt in owed] == [NoticeKind.PLANNED, NoticeKind.KICK_OFF]


@given(histories(), groups)
def test_a_draft_or_filed_flight_owes_nothing(
    history: tuple[State, tuple[Told, ...]], audience: frozenset[str]
) -> None:
    for state in (State.DRAFT, State.FILED):
        waiting = Outstanding(DebtKind.REPLY, "Objection undecided", "", START)
        assert debts(facts(state, told=history[1], audience=audience, outstanding=(waiting,))) == ()


@given(histories(), groups)
def test_the_most_urgent_comes_first(
    history: tuple[State, tuple[Told, ...]], audience: frozenset[str]
) -> None:
    found = debts(facts(history[0], END, told=history[1], audience=audience))
    assert [d.late_at for d in found] == sorted(d.late_at for d in found)


@given(histories(), groups)
def test_a_notice_is_never_owed_to_nobody_when_it_goes_to_those_told(
    history: tuple[State, tuple[Told, ...]], audience: frozenset[str]
) -> None:
    state, sent = history
    for debt in debts(facts(state, END, told=sent, audience=audience)):
        if state in FLYING and debt.kind is DebtKind.NOTICE:
            assert debt.owed_to and debt.owed_to <= ever_told(sent)


def test_who_was_told_another_time_is_owed_the_new_one() -> None:
    old = told(NoticeKind.PLANNED, about_start=START - timedelta(days=1))
    found = notices(debts(facts(State.ANNOUNCED, START - timedelta(days=2), told=(old,))))
    assert found[NoticeKind.RESCHEDULED].owed_to == ALL


def test_who_heard_the_new_time_is_owed_no_more() -> None:
    old = told(NoticeKind.PLANNED, at=START - timedelta(days=9), about_start=START)
    new = told(
        NoticeKind.RESCHEDULED, frozenset(PEOPLE[:2]), START - timedelta(days=5), about_start=START
    )
    old = replace(old, about_start=START - timedelta(days=1))
    found = notices(debts(facts(State.ANNOUNCED, START - timedelta(days=4), told=(old, new))))
    assert found[NoticeKind.RESCHEDULED].owed_to == frozenset(PEOPLE[2:])


def test_moving_there_and_back_owes_nothing_to_those_who_only_heard_the_first_time() -> None:
    first = told(NoticeKind.PLANNED, at=START - timedelta(days=9))
    found = notices(debts(facts(State.ANNOUNCED, START - timedelta(days=4), told=(first,))))
    assert NoticeKind.RESCHEDULED not in found


def test_who_was_told_of_other_services_is_owed_those_it_is_now_and_no_reminder() -> None:
    sent = (told(NoticeKind.PLANNED, at=START - timedelta(days=9), services=frozenset({"mail"})),)
    due = START - timedelta(hours=34)
    item = PlanItem(Moment.REMINDER, NoticeKind.REMINDER, due, START, "", "Etc/UTC")
    more = {"told": sent, "plan": (item,), "audience": frozenset()}
    same = notices(debts(facts(State.ANNOUNCED, due, services=frozenset({"mail"}), **more)))
    assert list(same) == [NoticeKind.REMINDER]
    other = debts(facts(State.ANNOUNCED, due, services=frozenset({"mail", "web"}), **more))
    assert [(d.notice, d.owed_to) for d in other] == [(NoticeKind.RESCHEDULED, ALL)]
    assert other[0].why == "they were told other services"


def test_crew_and_desks_hear_that_it_moved_but_are_not_its_people() -> None:
    earlier, crew = START - timedelta(days=1), frozenset({"crew@hospital.example"})
    sent = (told(NoticeKind.CREW_BRIEF, crew, about_start=earlier),)
    owed = notices(debts(facts(State.ANNOUNCED, told=sent, audience=frozenset())))
    assert owed[NoticeKind.RESCHEDULED].owed_to == crew
    later = (*sent, told(NoticeKind.RESCHEDULED, crew))
    assert NoticeKind.RESCHEDULED not in notices(debts(facts(State.ANNOUNCED, told=later)))
    assert ever_told(later) == frozenset()


def test_a_brief_that_is_due_anyway_says_the_new_time_itself() -> None:
    earlier, crew = START - timedelta(days=1), frozenset({"crew@hospital.example"})
    sent = (told(NoticeKind.CREW_BRIEF, crew, about_start=earlier),)
    item = PlanItem(Moment.CREW_BRIEF, NoticeKind.CREW_BRIEF, START, START, "", "Etc/UTC")
    owed = notices(debts(facts(State.ANNOUNCED, told=sent, plan=(item,))))
    assert NoticeKind.CREW_BRIEF in owed and NoticeKind.RESCHEDULED not in owed


def test_whom_a_reminder_reached_as_a_rescheduled_notice_is_owed_no_reminder() -> None:
    due = START - timedelta(hours=34)
    one, rest = frozenset(PEOPLE[:1]), frozenset(PEOPLE[1:])
    item = PlanItem(Moment.REMINDER, NoticeKind.REMINDER, due, START, "", "Etc/UTC")
    sent = (
        told(NoticeKind.PLANNED, at=due - timedelta(days=5)),
        told(NoticeKind.RESCHEDULED, one, due + timedelta(minutes=5)),
    )
    owed = notices(debts(facts(State.ANNOUNCED, due + timedelta(hours=1), told=sent, plan=(item,))))
    assert owed[NoticeKind.REMINDER].owed_to == rest


def test_a_promised_update_is_owed_ten_minutes_before_and_kept_by_any_word() -> None:
    due = START + timedelta(minutes=60)
    sent = (
        told(NoticeKind.PLANNED),
        told(NoticeKind.STARTED, at=START + timedelta(minutes=1), next_update=due),
    )
    soon, later = due - timedelta(minutes=11), due - timedelta(minutes=10)
    assert NoticeKind.PROGRESS not in notices(debts(facts(State.IN_PROGRESS, soon, told=sent)))
    owed = notices(debts(facts(State.IN_PROGRESS, later, told=sent)))[NoticeKind.PROGRESS]
    assert (owed.due, owed.owed_to) == (due, ALL)
    said = (*sent, told(NoticeKind.PROGRESS, at=later))
    assert NoticeKind.PROGRESS not in notices(debts(facts(State.IN_PROGRESS, due, told=said)))


def test_a_go_leaves_those_who_believe_in_another_time_owed_the_new_one_not_an_extension() -> None:
    old = told(NoticeKind.PLANNED, at=START - timedelta(days=9), about_start=START - timedelta(1))
    flying = facts(State.IN_PROGRESS, START - timedelta(minutes=5), told=(old,))
    assert notices(debts(flying)).keys() == {NoticeKind.RESCHEDULED}


def test_who_heard_that_it_has_started_knows_the_time_as_it_is() -> None:
    old = told(NoticeKind.PLANNED, at=START - timedelta(days=9), about_start=START - timedelta(1))
    begun = told(NoticeKind.STARTED)
    assert debts(facts(State.IN_PROGRESS, told=(old, begun))) == ()


def test_the_kick_off_is_owed_until_people_are_told_of_this_window() -> None:
    early = START - timedelta(days=20)
    item = PlanItem(
        Moment.KICK_OFF,
        NoticeKind.KICK_OFF,
        early,
        early,
        "",
        "UTC",
        frozenset({NoticeKind.KICK_OFF}),
    )
    planned = told(NoticeKind.PLANNED, at=early)
    now = early + timedelta(days=1)
    assert NoticeKind.KICK_OFF in notices(debts(facts(State.PLANNED, now, plan=(item,))))
    announced = facts(State.ANNOUNCED, now, plan=(item,), told=(planned,))
    assert NoticeKind.KICK_OFF not in notices(debts(announced))
    moved = replace(announced, told=(replace(planned, about_start=START - timedelta(days=1)),))
    assert NoticeKind.KICK_OFF in notices(debts(moved)), "what was agreed is asked again"


@pytest.mark.parametrize("state", sorted(FLYING))
def test_the_started_notice_is_owed_to_everyone_told(state: State) -> None:
    found = notices(debts(facts(state, told=(told(NoticeKind.PLANNED),))))
    assert found[NoticeKind.STARTED].owed_to == ALL


def test_a_new_end_is_owed_to_those_who_know_another() -> None:
    planned = told(NoticeKind.PLANNED)
    later = facts(State.IN_PROGRESS, told=(planned,), promised_end=END + timedelta(minutes=30))
    found = notices(debts(later))
    assert found[NoticeKind.EXTENDED].owed_to == ALL
    heard = told(NoticeKind.EXTENDED, about_end=END + timedelta(minutes=30))
    assert NoticeKind.EXTENDED not in notices(debts(replace(later, told=(planned, heard))))
    desk = told(NoticeKind.SERVICE_DESK_BRIEF, ALL, about_start=START, about_end=END)
    started = told(NoticeKind.STARTED, about_end=END)
    first = debts(replace(later, told=(planned, started, desk), now=END + timedelta(minutes=9)))[0]
    assert (first.notice, first.due) == (NoticeKind.EXTENDED, END), "before the desks"


@pytest.mark.parametrize("kind", [NoticeKind.MONITORING, NoticeKind.SERVICE_DESK_BRIEF])
def test_a_desk_that_was_briefed_is_owed_a_later_end(kind: NoticeKind) -> None:
    brief = told(kind, frozenset({"desk@hospital.example"}), about_start=START, about_end=END)
    more = {"promised_end": END + timedelta(hours=1)}
    for state, is_owed in ((State.IN_PROGRESS, True), (State.COMPLETE, False)):
        owed = notices(debts(facts(state, told=(brief,), **more)))
        assert (kind in owed) is is_owed
        assert not is_owed or owed[kind].moment == Moment(kind), "and not of the brief at the end"
    again = replace(brief, sent_at=START, about_end=END + timedelta(hours=1))
    assert not notices(debts(facts(State.IN_PROGRESS, told=(brief, again), **more)))
    assert not notices(debts(facts(State.IN_PROGRESS, **more))), "it was told of nothing"


def test_monitoring_hears_of_an_early_end_where_no_step_wakes_the_alerts() -> None:
    brief = told(NoticeKind.MONITORING, frozenset({"mon@hospital.example"}))
    early = END - timedelta(minutes=30)

    def is_owed(now: datetime = early, *said: Told, **more: object) -> bool:
        over = facts(State.BACKED_OUT, now, told=(brief, *said), state_since=early, **more)
        return NoticeKind.MONITORING in notices(debts(over))

    assert is_owed()
    assert not is_owed(wakes_alerts=True)
    assert not is_owed(END), "they came on by themselves"
    assert not is_owed(early, replace(brief, sent_at=early))


def test_the_promised_end_does_not_pass_in_silence() -> None:
    started = (told(NoticeKind.PLANNED), told(NoticeKind.STARTED))
    quiet = debts(facts(State.VERIFYING, END - timedelta(minutes=16), told=started))
    assert notices(quiet) == {}
    owed = notices(debts(facts(State.VERIFYING, END - timedelta(minutes=15), told=started)))
    assert owed[NoticeKind.EXTENDED].due == END
    early = facts(State.IN_PROGRESS, START, told=started, forecast_passes=True)
    said = notices(debts(early))[NoticeKind.EXTENDED]
    assert (said.due, said.since) == (END, START)
    assert said.why == "the forecast passes the promised end"


def test_an_open_bridge_is_owed_after_every_ending() -> None:
    for state in ENDINGS:
        found = debts(facts(state, END, bridge_opened=START))
        assert [d.kind for d in found] == [DebtKind.BRIDGE]
        assert debts(facts(state, END, bridge_opened=START, bridge_closed=END)) == ()


def test_a_bridge_open_since_before_a_move_is_closed_first() -> None:
    opened = {"bridge_opened": START - timedelta(days=7)}
    (owed,) = debts(facts(State.ANNOUNCED, audience=frozenset(), **opened))
    assert owed.to_close and "before the window moved" in owed.sentence


def test_a_bridge_closed_before_the_flight_is_to_be_opened_again() -> None:
    due = START - timedelta(minutes=30)
    plan = (PlanItem(Moment.BRIDGE, None, due, START, "people call in", "UTC"),)
    closed = {"bridge_opened": START - timedelta(days=1), "bridge_closed": START}
    found = debts(facts(State.GO_NO_GO, START, plan=plan, **closed))
    assert "Open the bridge" in [d.sentence for d in found]


@pytest.mark.parametrize("state, minutes", [(State.HOLD, 0), (State.GO_NO_GO, 15)])
def test_the_announced_start_does_not_pass_in_silence(state: State, minutes: int) -> None:
    planned, passed = told(NoticeKind.PLANNED), START + timedelta(minutes=minutes)
    assert NoticeKind.DELAYED not in notices(
        debts(facts(state, passed - timedelta(minutes=1), told=(planned,)))
    )
    owed = notices(debts(facts(state, passed, told=(planned,))))[NoticeKind.DELAYED]
    assert (owed.owed_to, owed.due) == (ALL, passed)
    delayed = told(NoticeKind.DELAYED, frozenset(PEOPLE[1:]), passed)
    later = notices(debts(facts(state, END, told=(planned, delayed))))
    assert later[NoticeKind.DELAYED].owed_to == {PEOPLE[0]}


def test_nobody_is_owed_a_delay_of_a_flight_they_never_heard_of_or_that_was_moved() -> None:
    assert NoticeKind.DELAYED not in notices(debts(facts(State.HOLD, END)))
    old = told(NoticeKind.PLANNED, about_start=START - timedelta(days=7))
    found = notices(debts(facts(State.HOLD, START, told=(old,))))
    assert NoticeKind.RESCHEDULED in found and NoticeKind.DELAYED not in found


def test_what_changed_is_owed_to_whom_it_leaves_department_heads_too() -> None:
    item = PlanItem(Moment.CHANGE_SUMMARY, NoticeKind.CHANGE_SUMMARY, END, END, "why", "UTC")
    heard = (told(NoticeKind.PLANNED), told(NoticeKind.ALL_CLEAR))
    ended = facts(State.COMPLETE, END, plan=(item,), told=heard, noticeable_change=True)
    heads = frozenset({"head@hospital.example"})
    found = notices(debts(replace(ended, heads=heads)))
    assert found[NoticeKind.CHANGE_SUMMARY].owed_to == ALL | heads
    said = told(NoticeKind.CHANGE_SUMMARY, ALL | heads)
    assert not notices(debts(replace(ended, heads=heads, told=(*heard, said))))
