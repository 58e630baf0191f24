"""The morning after: who is visibly present, and what to watch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.models.reports.after_action import AfterAction, ChangeLine, StepLine
from app.models.reports.after_document import edits_offered
from app.models.reports.morning import present_words, to_watch
from tests.flights import END
from tests.makers import make_window

FLOWN = AfterAction(
    code="OUT-2025-001",
    title="File cluster firmware",
    ending="Complete",
    window=make_window("2025-01-10 19:00", "2025-01-10 22:00"),
    drafted_at=END,
    started=END,
    ended=END,
    user_check="files open",
    data_loss="none",
)


def watched(report: AfterAction) -> list[str]:
    return [what for what, _ in to_watch(report)]


def test_a_clean_flight_leaves_nothing_to_watch() -> None:
    assert to_watch(FLOWN) == ()


def test_a_check_promised_for_the_morning_comes_first() -> None:
    due = replace(FLOWN, user_check="", check_due=END + timedelta(hours=9), data_loss="two files")
    assert to_watch(due) == (
        ("The user-side check", "due Sat 11 Jan 07:00 EST"),
        ("Whoever misses data", "lost: two files"),
    )


def test_what_was_waived_or_left_out_is_watched_once_with_its_note() -> None:
    steps = (
        StepLine("13", "Verify", state="waived", note="site closed"),
        StepLine("14", "Print", state="skipped: no time", note="no time"),
        StepLine("7", "Drain", state="done"),
        StepLine("B7", "Back", phase="back_out", state="skipped"),
    )
    assert to_watch(replace(FLOWN, steps=steps)) == (
        ("Step 13 Verify", "waived: site closed"),
        ("Step 14 Print", "skipped: no time"),
    )


def test_each_change_is_watched_with_what_people_will_notice() -> None:
    change = ChangeLine(1, "CTL-B", "4.2.1", "5.0.3", noticed="Shares reconnect faster")
    assert to_watch(replace(FLOWN, changes=(change,))) == (
        ("CTL-B", "4.2.1 → 5.0.3. Shares reconnect faster"),
    )


def test_before_the_end_there_is_no_morning_list() -> None:
    assert watched(replace(FLOWN, ended=None, user_check="")) == []


def test_who_had_no_step_that_night_is_named_to_be_present() -> None:
    told = present_words(replace(FLOWN, rested=("N. Adeyemi for shared folders",)))
    assert told.endswith("no step that night: N. Adeyemi for shared folders.")
    assert present_words(FLOWN).endswith("not owed sleep:")


def test_the_morning_is_the_next_working_day() -> None:
    report = replace(FLOWN, rested=("A. Bell",), morning=date(2025, 1, 13))
    assert present_words(report) == (
        "Visibly present Mon 13 Jan 08:00, as they had no step that night: A. Bell."
    )


def test_times_differ_by_the_minutes_that_are_shown() -> None:
    """Planned 19:00 and 20:00, ended 19:50:40: who reckons from the clock says ten minutes."""
    step = StepLine(
        "7", "Drain", planned=END, minutes=60, started=END + timedelta(seconds=50),
        finished=END + timedelta(minutes=50, seconds=40), state="done",
    )  # fmt: skip
    assert step.deviation_words == "−10 min"
    assert step.took_words == "50 min"


def test_a_step_undone_says_nothing_about_its_minutes() -> None:
    step = StepLine(
        "6", "Install", planned=END, minutes=25, started=END, finished=END + timedelta(minutes=47),
        state="undone",
    )  # fmt: skip
    assert (step.deviation_words, step.took_words) == ("", "")
    assert edits_offered(replace(FLOWN, steps=(step,))) == ()
