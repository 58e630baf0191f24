"""Which act is in gold: the outage's next one, or that of the tab in front."""

from __future__ import annotations

from dataclasses import replace

from app.models.outages.errands import Errand
from app.services.outages.brief import NextRow
from app.services.uow import UnitOfWork
from app.views.page import HeaderAction
from tests.services.outages_flights import flight, world
from tests.views.outages_desk import Desk, Leading, desk

__all__ = ["desk", "flight", "world"]


def leading(desk: Desk) -> list[str]:
    parts = desk.page.header_parts()
    return [part.words for part in parts if isinstance(part, HeaderAction) and part.primary]


def test_a_tab_with_a_leading_act_of_its_own_has_the_only_one(desk: Desk) -> None:
    desk.open()
    assert len(leading(desk)) == 1
    desk.page.workspace.open_tab("Changes")
    assert leading(desk) == []


def test_the_outage_stays_in_front_while_the_store_cannot_be_read(desk: Desk) -> None:
    desk.open()
    desk.world.store.run(rename, "outage", "elsewhere")
    refused = []
    desk.page.workspace.gone.connect(lambda: refused.append("left"))
    desk.page.workspace.refresh()
    desk.qtbot.waitUntil(lambda: desk.ops.idle)
    assert refused == []


def rename(uow: UnitOfWork, table: str, to: str) -> None:
    uow.session.connection().exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


def test_a_tab_that_has_nothing_to_lead_with_leaves_the_next_act_in_gold(desk: Desk) -> None:
    desk.open()
    first = leading(desk)
    desk.page.workspace.open_tab("Board")
    assert leading(desk) == first
    desk.page.workspace.open_tab("Changes")
    tab = desk.page.findChild(Leading)
    assert tab is not None
    asked = []
    desk.page.workspace.do = lambda *errand: asked.append(errand)  # type: ignore[method-assign]
    tab.passedOn.emit()  # Ctrl+Enter while the tab leads is the tab's own
    tab.leads = False
    with desk.qtbot.waitSignal(desk.page.headerChanged):
        tab.leadsChanged.emit()
    assert leading(desk) == first
    assert asked == []
    tab.passedOn.emit()
    brief = desk.page.workspace.brief
    assert brief is not None and brief.next.errand is not None
    assert asked == [(brief.next.errand.value, brief.next.about)]


def test_while_a_notice_waits_to_leave_the_outbox_is_offered_but_not_in_gold(desk: Desk) -> None:
    desk.open()
    brief = desk.page.workspace.brief
    assert brief is not None
    waits = NextRow("Planned notice waits to leave", Errand.OUTBOX)
    desk.page.workspace.brief = replace(brief, next=waits)
    assert Errand.OUTBOX.words in [getattr(part, "words", "") for part in desk.page.header_parts()]
    assert leading(desk) == []
