"""Two phones and the console's window fly the standard flight over the child process and its
certificate: taps arrive, a stale one is refused kindly, one made offline comes through, and a wrong
link gets nothing."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError
from PySide6.QtWidgets import QApplication
from sqlmodel import col, select

from app.models.crew.links import LinkKind
from app.models.crew.serving import Proof, Serving
from app.models.crew.taps import TapAct
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import State
from app.models.runbook import Column, StepAct, StepState
from app.models.tables.crew import CrewTap
from app.services.clock import FolderClock
from app.services.crew.links import crew_links, renew, revoke
from app.services.crew.taps import Tap, take_tap
from app.services.database import Store
from app.services.events import EventBus
from app.services.live.crew import heard_from
from app.services.uow import Actor, UnitOfWork
from app.views.crew.serves import Stands
from app.views.theme import Look, Theme
from app.wiring import Console
from app.wiring.crew import FALLEN
from app.wiring.window import Window
from tests.authority import Authority
from tests.conftest import Count
from tests.crew_night import Night, stand_at
from tests.flights import START, flight_store, set_state
from tests.phones import Phone, browser_trusting
from tests.services.crew_flight import ITO, LINDQVIST, board_on, scope
from tests.services.test_crew_photos import png


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Night]:
    """Its clock stands at 19:00 of the flight and runs on, in the child, too."""
    folder = tmp_path_factory.mktemp("night")
    planned = flight_store(folder)
    flight = board_on(planned)
    planned.close()
    stand_at(folder, START)
    store = Store(folder, FolderClock(folder), EventBus(), Actor("M. Okafor"))
    store.open()
    issued = Authority.of_tests().issue(folder, "crew.example", "127.0.0.1")
    serving = Serving(
        port=0,
        proof=Proof.OWN,
        name="127.0.0.1",
        certificate=str(issued.chain),
        key=str(issued.key),
    )
    Theme(qapp, Look.DARK)
    window = Window(folder, qapp, store.clock, remember=False)
    window.shell.show()
    window.attach(Console(folder, store.clock, store.bus, store))
    window.furnish()
    made = Night(store, flight, window)
    made.crew.serve(serving, lambda: None, lambda refusal: pytest.fail(refusal.sentence))
    window.shell.goto("outages", flight, Errand.STEP.value)
    made.until(lambda: made.crew.standing.how is Stands.ON and window.idle)
    yield made
    window.leave()
    window.shell.deleteLater()
    window.deleteLater()
    store.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    home = tmp_path_factory.mktemp("profile")
    with browser_trusting(Authority.of_tests().written(home), home) as made:
        yield made


@pytest.fixture(scope="module")
def ito(night: Night, browser: Browser) -> Phone:
    phone = Phone(browser)
    assert phone.opens(night.link(ITO)) == 200
    phone.sees("7 ")
    return phone


@pytest.fixture(scope="module")
def lindqvist(night: Night, browser: Browser) -> Phone:
    phone = Phone(browser, dark=False)
    assert phone.opens(night.link(LINDQVIST)) == 200
    return phone


def test_a_finger_that_comes_down_twice_starts_a_step_and_does_not_finish_it(
    night: Night, ito: Phone
) -> None:
    """Done stands where Start was."""
    ito.page.locator("body:not(.deaf)").wait_for()  # what it loaded has settled
    start = ito.page.get_by_role("button", name="Start: 7").first.bounding_box()
    assert start is not None
    for _touch in (1, 2):
        ito.page.touchscreen.tap(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        ito.page.wait_for_timeout(300)
    ito.page.get_by_role("button", name="Done: 7").first.wait_for()
    night.until(lambda: night.step("7").state is StepState.RUNNING)
    ito.taps("Take back “started”: 7")
    night.until(lambda: night.step("7").state is StepState.TODO)


def test_a_tap_is_in_the_store_and_on_the_other_phone(
    night: Night, ito: Phone, lindqvist: Phone
) -> None:
    lindqvist.taps("Board")
    lindqvist.sees("only in the console")
    ito.taps("Start: 7")

    night.until(lambda: night.step("7").state is StepState.RUNNING)

    assert night.step("7").by == ITO
    night.until(lambda: night.column("7") is Column.IN_PROGRESS)
    night.until(lambda: len(night.crew.standing.connected) == 2)
    lindqvist.page.locator("#all li.running").first.wait_for()


def test_it_can_be_put_on_the_home_screen(ito: Phone) -> None:
    asked = ito.context.new_cdp_session(ito.page)
    missing = asked.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in missing] == ["in-incognito"], "as every test’s profile is"


def test_a_mis_tap_is_taken_back_on_the_phone_and_the_window_shows_it(
    night: Night, ito: Phone
) -> None:
    """Also without a connection; and a tap that could not be sent yet never comes."""
    ito.context.set_offline(True)
    ito.taps("Take back “started”: 7")
    ito.sees("not sent yet: taken back")
    ito.context.set_offline(False)
    night.until(lambda: night.step("7").state is StepState.TODO)
    night.until(lambda: night.column("7") is Column.READY)
    ito.taps("Start: 7")
    night.until(lambda: night.step("7").state is StepState.RUNNING)

    ito.context.set_offline(True)
    ito.taps("Done: 7")
    ito.taps("Take back “done”: 7")
    ito.page.get_by_text("Kept on this phone").first.wait_for(state="hidden")
    ito.context.set_offline(False)
    ito.page.get_by_text("Connected: it changes by itself.").wait_for()

    taps = night.store.read(kept_taps, night.flight)
    assert taps[-3:] == [TapAct.START, TapAct.BACK, TapAct.START]


def test_a_tap_whose_answer_was_lost_is_taken_back_though_the_phone_had_not_sent_it(
    night: Night, ito: Phone
) -> None:
    ito.context.set_offline(True)
    ito.taps("Done: 7")
    ito.page.wait_for_function("JSON.stringify(localStorage).includes('tried')")
    (it,) = json.loads(ito.page.evaluate(KEPT))
    came = Tap(it["id"], it["step"], TapAct.DONE, it["seen"])
    night.store.run(take_tap, scope(night.store, night.flight), came)
    ito.taps("Take back “done”: 7")
    ito.context.set_offline(False)
    night.until(lambda: night.step("7").state is StepState.RUNNING)


KEPT = "Object.entries(localStorage).find(([name]) => name.endsWith('/taps'))[1]"


def kept_taps(uow: UnitOfWork, flight: str) -> list[TapAct]:
    query = select(CrewTap).where(CrewTap.outage_id == flight).order_by(col(CrewTap.id))
    return [row.act for row in uow.session.exec(query)]


def test_a_stale_tap_is_refused_kindly_and_overwrites_nothing(night: Night, ito: Phone) -> None:
    """Without a connection the phone says that it is done; meanwhile the coordinator blocks it."""
    ito.context.set_offline(True)
    ito.taps("Done: 7")
    ito.sees("Kept on this phone")
    night.act("7", StepAct.BLOCK)
    ito.context.set_offline(False)

    ito.sees("nothing was overwritten")

    assert night.step("7").state is StepState.BLOCKED


def test_a_tap_made_offline_comes_through_with_its_own_time(night: Night, ito: Phone) -> None:
    ito.page.locator("#refused button").first.click()
    ito.taps("Go on: 7")
    night.until(lambda: night.step("7").state is StepState.RUNNING)
    ito.page.get_by_role("button", name="Done: 7").first.wait_for()
    ito.context.set_offline(True)
    tapped = night.store.clock.now()
    ito.taps("Done: 7")
    ito.sees("Kept on this phone")
    night.later(minutes=5)
    ito.context.set_offline(False)

    night.until(lambda: night.step("7").state is StepState.DONE)

    ended = night.step("7").ended_at
    assert ended is not None and abs(ended - tapped) < timedelta(minutes=1)


def test_who_asks_for_help_is_told_on_whatever_screen_until_they_are_heard(
    night: Night, lindqvist: Phone
) -> None:
    lindqvist.taps("Mine")
    lindqvist.taps("Need help: 9")
    lindqvist.taps("Ask for help")

    def told() -> bool:
        return "A. Lindqvist asks for help with 9 " in "\n".join(night.window.shell.notify.shown())

    night.until(told)
    night.later(minutes=1)
    night.store.run(heard_from, night.step("9").id, LINDQVIST)
    night.until(lambda: not told())


def test_a_photo_without_a_connection_is_kept_and_sent_with_its_own_time(
    night: Night, ito: Phone, tmp_path: Path
) -> None:
    """Though the page is opened anew meanwhile."""
    photo = tmp_path / "rack.png"
    photo.write_bytes(png())
    ito.context.route("**/photo?*", lambda route: route.abort())
    with ito.page.expect_file_chooser() as chosen:
        ito.taps("Photo: 7")
    taken = night.store.clock.now()
    chosen.value.set_files(photo)
    ito.sees("1 photo kept on this phone")
    night.later(minutes=5)
    ito.context.unroute("**/photo?*")
    ito.page.reload()

    night.until(lambda: night.store.read(photo_times, night.flight) != [])

    (at,) = night.store.read(photo_times, night.flight)
    assert abs(at - taken) < timedelta(minutes=2)


def photo_times(uow: UnitOfWork, flight: str) -> list[datetime]:
    mine = col(CrewTap.outage_id) == flight, col(CrewTap.act) == TapAct.PHOTO
    return [row.at for row in uow.all(CrewTap, *mine)]


def test_a_forged_and_an_old_link_get_nothing(night: Night, browser: Browser) -> None:
    links = night.store.read(crew_links, night.flight).rows
    observer = next(row for row in links if row.kind is LinkKind.OBSERVER)
    old = night.link("", LinkKind.OBSERVER)
    phone = Phone(browser)
    assert phone.opens(old) == 200
    night.store.run(renew, observer.link_id)
    forged = f"{night.base}/c/{'A' * 43}/"

    assert phone.opens(old) == 404
    assert phone.opens(forged) == 404
    assert "File cluster" not in phone.page.content()
    assert phone.page.locator("meta[name=viewport]").count() == 1, "a phone shows it tiny"
    styled = phone.page.evaluate("getComputedStyle(document.body).maxWidth")
    assert styled == "640px", "the policy lets the page have its style"


def test_no_page_has_grave_faults_or_is_wider_than_a_phone(
    night: Night, browser: Browser, ito: Phone, lindqvist: Phone, count: Count
) -> None:
    """A technician’s in the dark and a board in the light; with --long all in both looks."""
    views = ("Mine", "Board", "Timeline", "Call")
    for phone, few in ((ito, views), (lindqvist, views[1 : count(2, 4)])):
        for view in few:
            phone.taps(view)
            well(phone)
    for dark in (True, False)[: count(1, 2)]:
        for kind in (LinkKind.STATUS, LinkKind.OBSERVER)[: count(1, 2)]:
            phone = Phone(browser, dark=dark)
            assert phone.opens(night.link("", kind)) == 200
            phone.page.locator("main p").first.wait_for()
            well(phone)


def test_a_link_that_is_revoked_falls_silent_while_it_is_open(
    night: Night, lindqvist: Phone, pytestconfig: pytest.Config
) -> None:
    """Last: the phone has no link afterwards."""
    if not pytestconfig.getoption("--long"):
        pytest.skip("four seconds, with --long")
    links = night.store.read(crew_links, night.flight).rows
    row = next(each for each in links if each.name == LINDQVIST)
    night.store.run(revoke, row.link_id)
    lindqvist.sees("opens nothing any more")
    assert lindqvist.opens(night.base + row.path) == 404


def test_a_phone_that_does_not_trust_the_authority_is_shown_nothing(
    night: Night, browser: Browser, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("--long"):
        pytest.skip("a second browser, with --long")
    stranger = Authority().written(tmp_path)
    home = tmp_path / "home"
    refused = pytest.raises(PlaywrightError, match="ERR_CERT_AUTHORITY_INVALID")
    with browser_trusting(stranger, home, browser.browser_type) as other, refused:
        Phone(other).opens(night.link(ITO))


def test_when_its_process_ends_the_window_says_so_and_starts_it_again(
    night: Night, ito: Phone, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("--long"):
        pytest.skip("some seconds, with --long")
    before = night.crew.standing.serving
    os.kill(night.crew.pid, signal.SIGKILL)
    night.until(lambda: night.crew.standing.how is Stands.FALLEN)
    assert FALLEN in night.window.shell.notify.shown()
    assert before is not None
    night.crew.start_again(before)
    night.until(lambda: night.crew.standing.how is Stands.ON)
    assert night.crew.standing.serving == before
    night.until(lambda: len(night.crew.standing.connected) >= 1)


def test_a_day_after_the_flight_its_links_open_nothing(night: Night, browser: Browser) -> None:
    """Last: the flight has ended."""
    phone, link = Phone(browser), night.link(ITO)
    assert phone.opens(link) == 200
    night.store.run(set_state, night.flight, State.COMPLETE)
    night.later(minutes=2 * 24 * 60)

    assert phone.opens(link) == 404
    assert "File cluster" not in phone.page.content()


def well(phone: Phone) -> None:
    assert phone.grave_faults() == []
    assert phone.fits()
    assert phone.faults == []
