"""A notice as words with values of the plan between: there and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.errors import BadInput
from app.models.notices.chips import (
    Chip,
    Kept,
    Words,
    insertable,
    is_empty,
    plain,
    shown,
    source_of,
    spoken,
)
from app.models.notices.facts import NoticeFacts
from app.models.notices.fields import fields
from app.models.notices.kinds import NoticeKind
from app.services.notices.chips import draft_source, runs_of
from app.services.notices.rendering import built_in, render, render_body
from app.services.notices.template import fill
from tests.makers import make_window

FACTS = NoticeFacts(
    audiences=("File cluster users",),
    services=("File cluster",),
    window=make_window("2025-01-10 19:00", "2025-01-10 22:00"),
    objection_route="Call 555-0111.",
    help_route="Write to desk@hospital.example.",
    changes=("New icons", "A *new* menu"),
    reason="A disk was slow.",
    data_loss="none",
)
FULL = replace(
    FACTS,
    workaround="Use the intranet {copy}.",
    impact="No access to H: and _I:_.",
    recipient_zones=("Europe/London",),
    ended_at=FACTS.window.end_utc,
    left_over=("Node 3",),
)
KINDS = [k for k in NoticeKind if k not in (NoticeKind.CREW_BRIEF, NoticeKind.KICK_OFF)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("facts", [FACTS, FULL])
def test_a_template_reads_the_same_after_it_became_chips(
    kind: NoticeKind, facts: NoticeFacts
) -> None:
    values = fields(facts)
    source = source_of(runs_of(built_in(kind).body, values))
    made = render_body("", fill(source, values, markup=True))
    assert made.html == render(built_in(kind), facts).html
    assert made.text == render(built_in(kind), facts).text


@pytest.mark.parametrize("kind", list(NoticeKind))
@pytest.mark.parametrize("facts", [FACTS, FULL])
def test_chips_written_down_are_the_same_chips(kind: NoticeKind, facts: NoticeFacts) -> None:
    values = fields(facts)
    runs = runs_of(built_in(kind).body, values)
    assert runs_of(source_of(runs), values) == runs


def test_a_sentence_without_its_value_is_kept_and_comes_back_with_it() -> None:
    runs = runs_of(built_in(NoticeKind.PLANNED).body, fields(FACTS))
    kept = [r for r in runs if isinstance(r, Kept)]
    assert [shown(r, fields(FACTS)) for r in kept] == [
        "left out: also affected",
        "left out: what this means for people",
        "left out: what you can do meanwhile",
    ]
    later = runs_of(source_of(runs), fields(FULL))
    assert any(isinstance(run, Chip) and run.field == "workaround" for run in later)
    assert "Use the intranet {copy}." in plain(later, fields(FULL))


def test_a_moved_window_moves_its_chips() -> None:
    source = source_of(runs_of(built_in(NoticeKind.PLANNED).body, fields(FACTS)))
    moved = replace(FACTS, window=make_window("2025-01-17 20:00", "2025-01-17 22:00"))
    assert "8:00 pm Friday, January 17th" in fill(source, fields(moved), markup=False)


def test_a_value_that_went_is_shown_as_empty() -> None:
    values = fields(FACTS)
    assert is_empty(Chip("workaround"), values)
    assert shown(Chip("workaround"), values) == "what you can do meanwhile is empty"
    assert spoken(Chip("start"), values) == "value: 7:00 pm Friday, January 10th"
    assert shown(Chip("the_service", "| capital"), values) == "The file cluster"


def test_a_list_is_one_chip_with_its_entries() -> None:
    (kept,) = runs_of("{% for line in changes %}\n- {{ line }}\n{% endfor %}", fields(FACTS))
    assert isinstance(kept, Kept)
    assert shown(kept, fields(FACTS)) == "New icons; A *new* menu"


def test_braces_that_are_no_template_stay_words() -> None:
    assert fill(draft_source("Use {{ this }}", {}), {}, markup=False) == "Use {{ this }}"
    assert draft_source("until {{ end }}", {}) == "until {{ end }}"


def test_what_is_not_allowed_is_refused() -> None:
    with pytest.raises(BadInput):
        runs_of("{{ start.__class__ }}", {})


def test_values_are_found_by_label_or_words_and_empty_ones_come_last() -> None:
    found = insertable(fields(FACTS), "start")
    assert ("start", "start", "7:00 pm Friday, January 10th") in found
    assert insertable(fields(FACTS), "cluster users")[0][0] == "audience"
    assert insertable(fields(FACTS))[-1][2] == ""


WORDS = st.text(st.sampled_from("ab {}%#\"'\\*_-\n"), min_size=1, max_size=30)
RUNS = st.lists(
    st.one_of(WORDS.map(Words), st.sampled_from((Chip("start"), Chip("the_service", "| capital")))),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(RUNS)
def test_whatever_is_typed_stays_what_was_typed(runs: list[Words | Chip]) -> None:
    values = fields(FACTS)
    said = "".join(r.text if isinstance(r, Words) else shown(r, values) for r in runs)
    # a template ends without its last line break
    assert fill(source_of(runs), values, markup=False).rstrip("\n") == said.rstrip("\n")
