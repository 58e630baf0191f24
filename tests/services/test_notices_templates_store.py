"""The organisation's own templates: saved, followed at once, kept with their history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed, NotFound, Stale
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.tables.notices import NoticeTemplate
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.log import read_log
from app.services.notices.composing import compose, preview
from app.services.notices.rendering import built_in
from app.services.notices.sending import cancel_queued, queue, save_draft
from app.services.notices.template import TemplateSource
from app.services.notices.template_shelf import template_shelf
from app.services.notices.templates import (
    back_to_built_in,
    revision_of,
    save_template,
    template_page,
)
from app.services.outages.moving import move_window
from app.services.uow import UnitOfWork, undo
from tests.flights import START, make_flight
from tests.makers import make_window
from tests.services.notices_flights import desk_store

K = NoticeKind
PLANNED = built_in(K.PLANNED)
OURS = TemplateSource(PLANNED.subject, f"{PLANNED.body}\n\nYours, {{{{ coordinator }}}}.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=20))
    yield made
    made.close()


@pytest.fixture
def outage_id(store: Store) -> str:
    return store.run(make_flight, State.PLANNED)


def text(store: Store, outage_id: str) -> str:
    return store.read(compose, outage_id, K.PLANNED).text


def test_a_saved_template_holds_at_once(store: Store, outage_id: str) -> None:
    store.run(save_template, K.PLANNED, OURS)
    assert text(store, outage_id).endswith("Yours, M. Okafor.")
    found = store.read(template_page, K.PLANNED, "", outage_id)
    assert found.own
    assert found.source == OURS
    assert [(r.revision, r.built_in) for r in found.history] == [(1, False)]


def test_a_service_may_have_words_of_its_own(store: Store, outage_id: str) -> None:
    store.run(save_template, K.PLANNED, OURS)
    (service_id,) = (s.id for s in store.read(template_page, K.PLANNED, "", outage_id).services)
    theirs = TemplateSource(OURS.subject, f"{OURS.body}\n\nOnly for this service.")
    store.run(save_template, K.PLANNED, theirs, service_id)
    assert text(store, outage_id).endswith("Only for this service.")
    store.run(back_to_built_in, K.PLANNED, service_id)
    assert text(store, outage_id).endswith("Yours, M. Okafor.")


def test_back_to_the_built_in_keeps_the_history(store: Store, outage_id: str) -> None:
    before = text(store, outage_id)
    store.run(save_template, K.PLANNED, OURS)
    store.run(back_to_built_in, K.PLANNED)
    assert text(store, outage_id) == before
    history = store.read(template_page, K.PLANNED, "", outage_id).history
    assert [(r.revision, r.built_in) for r in history] == [(2, True), (1, False)]
    with pytest.raises(NotAllowed):
        store.run(back_to_built_in, K.PLANNED)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
    store: Store, outage_id: str
) -> None:
    store.run(save_template, K.PLANNED, OURS, "", 0)
    with pytest.raises(Stale, match="saved revision 1 of this template meanwhile"):
        store.run(save_template, K.PLANNED, TemplateSource("Ours", "too"), "", 0)
    store.run(save_template, K.PLANNED, TemplateSource("Ours", "too"), "", 1)
    assert store.read(revision_of, K.PLANNED, number=1).source == OURS
    assert store.read(revision_of, K.PLANNED).source.subject == "Ours"
    assert store.read(revision_of, K.PLANNED, number=0).source == PLANNED
    with pytest.raises(NotFound, match="no revision 7"):
        store.read(revision_of, K.PLANNED, number=7)


def test_a_notice_that_waits_keeps_its_words_when_the_template_goes(
    store: Store, outage_id: str
) -> None:
    inverse = store.run(save_template, K.PLANNED, OURS)
    store.run(queue, outage_id, K.PLANNED)
    waiting = store.read(compose, outage_id, K.PLANNED)
    store.run(undo, inverse)  # the template is no longer there at all
    store.run(save_template, K.PLANNED, TemplateSource("Other", "words"))
    store.run(back_to_built_in, K.PLANNED)
    now = store.read(compose, outage_id, K.PLANNED)
    assert (now.subject, now.text, now.html) == (waiting.subject, waiting.text, waiting.html)
    assert now.text.endswith("Yours, M. Okafor.")


def test_saved_words_that_are_not_allowed_any_more_are_passed_over_and_named(
    store: Store, outage_id: str
) -> None:
    """An update of the console may allow less."""
    before = text(store, outage_id)
    store.run(save_template, K.PLANNED, OURS)

    def spoil(uow: UnitOfWork) -> None:
        (row,) = uow.all(NoticeTemplate)
        row.body = "{{ gone }}"
        uow.log("spoilt", row)

    store.run(spoil)
    assert text(store, outage_id) == before
    planned = store.read(template_shelf).kinds[0]
    assert not planned.own and "no field called “gone”" in planned.refused


def test_saving_a_template_can_be_undone(store: Store, outage_id: str) -> None:
    before = text(store, outage_id)
    inverse = store.run(save_template, K.PLANNED, OURS)
    store.run(undo, inverse)
    assert text(store, outage_id) == before


@pytest.mark.parametrize(
    ("subject", "body", "says"),
    [
        ("", "text", "subject"),
        ("a", " \n", "no text"),
        ("a", "{{ nothing_like_it }}", "no field called"),
        ("{{ start.real }}", "text", "In the subject"),
        ("a", "{{ start | join }}", "Only a list field"),
        ("a", "{% set a = 1 %}", "not allowed"),
        ("a", "{% if start %}", "cannot be read"),
    ],
)
def test_what_a_template_may_not_hold_is_refused_with_its_reason(
    store: Store, subject: str, body: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        store.run(save_template, K.PLANNED, TemplateSource(subject, body))


def test_the_same_words_are_not_saved_again(store: Store) -> None:
    with pytest.raises(NotAllowed):
        store.run(save_template, K.PLANNED, PLANNED)


def test_a_template_is_tried_on_this_outage_before_it_is_saved(
    store: Store, outage_id: str
) -> None:
    made = store.read(preview, outage_id, K.PLANNED, "", "", template=OURS)
    assert made.text.endswith("Yours, M. Okafor.")
    assert "Yours" not in text(store, outage_id)


def test_values_of_an_edited_draft_follow_the_plan(store: Store, outage_id: str) -> None:
    source = store.read(compose, outage_id, K.PLANNED).messages[0].source
    store.run(save_draft, outage_id, K.PLANNED, body=f"{source}\n\nBring {{cake}}.")

    def move(uow: UnitOfWork) -> None:
        seen = uow.fetch(Outage, outage_id).version
        move_window(uow, outage_id, make_window("2025-01-17 20:00", "2025-01-17 22:00"), seen=seen)

    store.run(move)
    made = store.read(compose, outage_id, K.PLANNED)
    assert made.edited
    assert "8:00 pm Friday, January 17th" in made.text
    assert made.text.endswith("Bring {cake}.")
    assert made.subject.endswith("8:00 pm Friday, January 17th")


def test_a_sentence_left_out_comes_back_in_an_edited_draft(store: Store, outage_id: str) -> None:
    source = store.read(compose, outage_id, K.PLANNED).messages[0].source
    store.run(save_draft, outage_id, K.PLANNED, body=f"{source}\n\nThank you.")

    def fill_in(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, outage_id)
        outage.workaround = "Use the copy."
        uow.log("changed", outage)

    store.run(fill_in)
    assert "What you can do meanwhile: Use the copy." in text(store, outage_id)


def test_a_notice_taken_back_has_its_values_still(store: Store, outage_id: str) -> None:
    source = store.read(compose, outage_id, K.PLANNED).messages[0].source
    store.run(save_draft, outage_id, K.PLANNED, body=f"{source}\n\nThank you.")
    waiting = store.run(queue, outage_id, K.PLANNED)
    store.run(cancel_queued, waiting)
    assert "{{ start }}" in store.read(compose, outage_id, K.PLANNED).messages[0].source


def test_drafts_kept_while_typing_are_one_line_of_the_log(store: Store, outage_id: str) -> None:
    before = len(store.read(read_log, outage_id))
    for words in ("B", "Bring", "Bring cake."):
        store.run(save_draft, outage_id, K.PLANNED, body=words)
    rows = store.read(read_log, outage_id)
    assert len(rows) == before + 1
    assert rows[-1].kind == "draft"
