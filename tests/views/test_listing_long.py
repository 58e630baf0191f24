from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.listing import ListRow, ListView


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> ListView:
    made = ListView("CIs")
    qtbot.addWidget(made)
    made.setUniformItemSizes(True)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_row_far_down_is_in_sight_though_the_list_was_just_searched(view: ListView) -> None:
    view.anew()
    view.model_rows.become([ListRow(str(number), f"sw-{number}") for number in range(5_000)])
    view.choose("4990")
    assert view.visualRect(view.currentIndex()).intersects(view.viewport().rect())


def test_after_a_search_all_rows_can_be_scrolled_to(view: ListView, qtbot: QtBot) -> None:
    rows = [ListRow(str(number), f"sw-{number}") for number in range(5_000)]
    view.anew()
    view.model_rows.become(rows)
    last = view.model_rows.index_of("4999")
    qtbot.waitUntil(lambda: not view.visualRect(last).isEmpty())
