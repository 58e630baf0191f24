"""The templates in the window: tried on an outage, saved, compared, put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.services.notices.template import TemplateSource
from app.services.notices.templates import save_template, template_page
from app.services.uow import undo
from app.views.notices.template_history import EDITOR, TemplateHistory
from app.views.notices.templates_page import TemplatesPage
from app.views.theme import Theme
from tests.flights import make_flight
from tests.views.flying import Cockpit, cockpit, until

K = NoticeKind


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def page(seat: Cockpit, qtbot: QtBot) -> TemplatesPage:
    made = TemplatesPage(seat.ops, seat.undos.append)
    qtbot.addWidget(made)
    seat.bridge.happened.connect(made.on_event)
    made.resize(1200, 800)
    made.show()
    return made


def test_a_template_is_tried_on_any_outage_saved_and_put_back(
    page: TemplatesPage, seat: Cockpit, qtbot: QtBot
) -> None:
    seat.store.run(make_flight, State.PLANNED)
    other = seat.store.run(make_flight, State.COMPLETE, title="Mail gateway")
    page.activate(K.PLANNED.value)
    until(qtbot, lambda: "file cluster firmware users" in page.preview.leaving)
    page.outage.choose(other)
    until(qtbot, lambda: "mail gateway users" in page.preview.leaving)
    card = page.card
    card.text.setPlainText("Hello,\n\n{{ strat }}")
    until(qtbot, card.trouble.isVisible)
    assert "Did you mean “start”" in card.trouble.text()
    assert card.text.marked == 3 and not card.save.isEnabled()
    card.text.setPlainText("Hello,\n\n{{ start }}")
    until(qtbot, card.save.isEnabled)
    assert not card.text.marked
    assert card.keep(lambda: None)  # as when the window is closed
    until(qtbot, lambda: seat.ops.idle)
    kept = seat.store.read(template_page, K.PLANNED).typed
    assert kept is not None and kept.source == card.source()
    card.save.click()
    until(qtbot, lambda: page.kinds.model_rows.rows()[0].pill == "ours")
    assert "Revision 1 holds" in card.holds.text()
    assert seat.store.read(template_page, K.PLANNED).typed is None
    seat.store.run(undo, seat.undos[0])
    until(qtbot, lambda: not page.kinds.model_rows.rows()[0].pill)
    until(qtbot, lambda: "came with the console" in card.holds.text())


def test_what_changed_is_seen_and_old_words_come_back_into_the_editor(
    page: TemplatesPage, seat: Cockpit, qtbot: QtBot
) -> None:
    """With no outage yet a template can be written all the same."""
    seat.store.run(save_template, K.PLANNED, TemplateSource("First", "One\nTwo"))
    page.activate(K.PLANNED.value)
    card = page.card
    until(qtbot, card.history.isVisible)
    card.text.setPlainText("Mine")
    seat.store.run(save_template, K.PLANNED, TemplateSource("First", "One\n2"))
    until(qtbot, card.save.isEnabled)
    card.save.click()
    until(qtbot, lambda: "saved revision 2 of this template meanwhile" in card.trouble.text())
    assert card.text.toPlainText() == "Mine"
    until(qtbot, lambda: "Revision 2 holds" in card.holds.text())
    look = TemplateHistory(card, seat.store.read(template_page, K.PLANNED), card.source())
    assert "− Two" in look.text.toPlainText() and "+ 2" in look.text.toPlainText()
    assert look.count.text() == "Revision 2: 1 line new, 1 gone"
    look.list.choose("1")
    look.against.setCurrentIndex(look.against.findData(EDITOR))
    assert "− Mine" in look.text.toPlainText()
    look.taken.connect(card._take)
    look.take.click()
    assert card.text.toPlainText() == "One\nTwo"
    until(qtbot, card.save.isEnabled)
    card.save.click()
    until(qtbot, lambda: "Revision 3 holds" in card.holds.text())
    look.deleteLater()
