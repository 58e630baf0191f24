"""The corpus: tests/data/notices holds good and bad notices with the findings they deserve."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.notices.facts import NoticeFacts
from app.models.notices.forwarding import FORWARD_LINE
from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import SiteDays, WorkDays
from app.models.notices.lint import Finding, Sending, blocked, clean, lint
from app.models.notices.mending import mended
from app.models.outages.lifecycle import ImpactClass
from app.models.times import Window, parse_wall

CORPUS = Path(__file__).parent.parent / "data" / "notices"
WORKDAYS = WorkDays((SiteDays("here", holidays=frozenset({date(2025, 1, 1)})),))


def window_of(parts: list[str]) -> Window:
    return Window.of(parse_wall(parts[0]), parse_wall(parts[1]), parts[2])


def facts_of(given: dict[str, object]) -> NoticeFacts:
    values: dict[str, object] = {
        "audiences": ["file cluster users"],
        "services": ["file cluster"],
        "window": ["2025-01-10T19:00", "2025-01-10T22:00", "America/New_York"],
        **given,
    }
    for name, value in values.items():
        if name.endswith("window"):
            values[name] = window_of(cast(list[str], value))
        elif isinstance(value, list):
            values[name] = tuple(value)
    return NoticeFacts(**values)  # type: ignore[arg-type]  # the corpus names fields of the facts


def case_of(name: str) -> dict[str, Any]:
    case = tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))
    return {**case, "text": case["text"].strip()}


def lint_words(case: dict[str, Any], subject: str, text: str) -> tuple[Finding, ...]:
    sending = None
    if "sending" in case:
        impact = ImpactClass(case.get("impact", "critical"))
        sending = Sending(case["sending"], impact, WORKDAYS)
    kind = NoticeKind(case["kind"])
    return lint(subject, text, kind, facts_of(case.get("facts", {})), sending)


def lint_case(name: str) -> tuple[tuple[Finding, ...], list[str], str]:
    case = case_of(name)
    return lint_words(case, case["subject"], case["text"]), case["expect"], case["text"]


NAMES = sorted(path.stem for path in CORPUS.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_each_notice_of_the_corpus_gets_the_findings_it_deserves(name: str) -> None:
    findings, expected, _ = lint_case(name)
    assert sorted(f"{f.severity.value} {f.rule}" for f in findings) == sorted(expected)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_fix_mends_is_found_no_more(name: str) -> None:
    case = case_of(name)
    subject, text = case["subject"], case["text"]
    for finding in lint_words(case, subject, text):
        if finding.fix is None:
            continue
        note, forwarded, original = text.partition(FORWARD_LINE)  # the editor holds the note alone
        made = mended(finding, subject, text, note)
        assert made is not None
        again = lint_words(case, made[0], f"{made[1]}\n{forwarded}{original}")
        before = lint_words(case, subject, text)
        many = [sum(f.rule == finding.rule for f in each) for each in (again, before)]
        assert many[0] < many[1], finding


def test_the_corpus_holds_good_and_bad_notices() -> None:
    assert len(NAMES) >= 70


def test_the_reference_lints_clean() -> None:
    findings, _, _ = lint_case("planned_reference")
    assert clean(findings)
    assert not blocked(findings)


@pytest.mark.parametrize(
    ("name", "rule", "words", "fix"),
    [
        ("planned_weekday_disagrees", "weekday_date", "Thursday", "Friday"),
        (
            "planned_wrong_year",
            "wrong_year",
            "Friday, January 10th, 2024",
            "Friday, January 10th, 2025",
        ),
        ("planned_length_disagrees", "duration", "4 hours", "3 hours"),
        ("planned_zone_of_summer", "wrong_zone", "EDT", "EST"),
        ("planned_placeholder_known", "placeholder", "[end]", "10:00 pm"),
        ("planned_host_name", "host_name", "fs-node-03", "the file cluster"),
        ("planned_placeholder_left", "placeholder", "[how to notify operations]", None),
        ("all_clear_denies_the_loss", "data_loss", "No data was lost", None),
    ],
)
def test_a_finding_shows_where_it_is_and_what_to_write_instead(
    name: str, rule: str, words: str, fix: str | None
) -> None:
    findings, _, text = lint_case(name)
    found = next(f for f in findings if f.rule == rule)
    assert found.span is not None
    assert text[slice(*found.span)] == words
    if fix is not None:
        assert found.fix == fix


def test_a_long_reminder_shows_the_words_that_are_too_many() -> None:
    findings, _, text = lint_case("reminder_note_too_long")
    found = next(f for f in findings if f.rule == "note_length")
    assert found.span is not None
    assert len(text[: found.span[0]].split()) == 25


def test_the_worst_finding_comes_first() -> None:
    findings, _, _ = lint_case("planned_wrong_date")
    assert [f.severity.rank for f in findings] == sorted(f.severity.rank for f in findings)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(list(NoticeKind)))
def test_any_text_can_be_checked_and_every_span_lies_within_it(text: str, kind: NoticeKind) -> None:
    facts = facts_of({})
    sending = Sending(datetime(2025, 1, 2, tzinfo=UTC), ImpactClass.CRITICAL, WORKDAYS)
    for finding in lint("a subject", text, kind, facts, sending):
        if finding.span is not None:
            start, end = finding.span
            assert 0 <= start <= end <= len("a subject" if finding.in_subject else text)


WORDS = ["Friday", "10", "January", "10th", "2024", "7", "pm", "3", "hours", "lasts", "1/10", "May"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, ",", "-", "31", "February", "19:00"]), max_size=30))
def test_any_heap_of_date_words_can_be_checked(words: list[str]) -> None:
    lint("file cluster", " ".join(words), NoticeKind.PLANNED, facts_of({}))
