from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.services.database import Store
from app.services.notices.sending import queue
from app.views.notices.page import NoticesPage
from app.views.ops import Ops
from app.views.theme import Theme
from tests.flights import START, make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store
from tests.views.notices_scene import Told


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=9))
    yield made
    made.close()


@pytest.fixture
def page(store: Store, qtbot: QtBot, theme: Theme) -> NoticesPage:
    made = NoticesPage(Ops(store, Told(), lambda: None), clock_of(store).now)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def test_what_is_owed_is_listed_and_opens_its_notice(
    page: NoticesPage, store: Store, qtbot: QtBot
) -> None:
    outage_id = store.run(make_flight, State.PLANNED)
    page.activate()
    qtbot.waitUntil(lambda: bool(page.owed.model_rows.rows()))
    chosen: list[tuple[str, str]] = []
    page.chosen.connect(lambda outage, kind: chosen.append((outage, kind)))
    row = next(r for r in page.owed.model_rows.rows() if "Planned notice" in r.title)
    page.owed.opened.emit(row.key)
    assert chosen == [(outage_id, "planned")]


def test_what_waits_is_listed(page: NoticesPage, store: Store, qtbot: QtBot) -> None:
    outage_id = store.run(make_flight, State.PLANNED)
    store.run(queue, outage_id, NoticeKind.PLANNED)
    page.activate()
    qtbot.waitUntil(lambda: bool(page.waiting.model_rows.rows()))
    assert "1 waiting" in page.context


def test_an_empty_page_says_what_belongs_there(page: NoticesPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.counted):
        page.activate()
    assert not page.owed.isVisible()
    assert page.context == "0 owed · 0 waiting"
