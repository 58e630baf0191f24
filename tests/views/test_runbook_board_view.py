from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from app.models.ids import StepId
from app.models.runbook.steps import Column
from app.views.runbook.board_layout import COLUMNS
from app.views.runbook.board_model import BoardModel, CardRow, CardTone
from app.views.runbook.board_view import BoardView
from app.views.theme import Look, Theme

Moves = list[tuple[str, object, int]]


def card(code: str, column: Column, version: int = 1, title: str = "Drain node") -> CardRow:
    return CardRow(StepId(f"id-{code}"), version, code, title, column, ("10 min", "after 5"), "KI")


def rows() -> list[CardRow]:
    return [
        card("1", Column.DONE),
        card("2", Column.IN_PROGRESS),
        card("3", Column.READY, version=7),
        card("4", Column.WAITING),
        card("5", Column.WAITING),
    ]


@pytest.fixture
def model() -> BoardModel:
    made = BoardModel()
    made.apply(rows())
    return made


@pytest.fixture
def board(theme: Theme, qtbot: QtBot, model: BoardModel) -> BoardView:
    view = BoardView(model)
    qtbot.addWidget(view)
    view.resize(1180, 640)
    view.show()
    qtbot.waitExposed(view)
    view.setFocus()
    return view


def moves_of(board: BoardView) -> Moves:
    asked: Moves = []
    board.moveRequested.connect(lambda step, column, seen: asked.append((step, column, seen)))
    return asked


def middle(board: BoardView, step: str) -> QPoint:
    model = board.model()
    assert isinstance(model, BoardModel)
    return board.visualRect(model.index_of(step)).center()


def drag(board: BoardView, step: str, to: QPoint) -> None:
    port = board.viewport()
    left = Qt.MouseButton.LeftButton
    start = middle(board, step)
    QTest.mousePress(port, left, Qt.KeyboardModifier.NoModifier, start)
    for part in (1, 2, 3):
        QTest.mouseMove(port, start + (to - start) * part / 3)
    QTest.mouseRelease(port, left, Qt.KeyboardModifier.NoModifier, to)


def test_cards_lie_in_their_columns_from_left_to_right(board: BoardView) -> None:
    lefts = [middle(board, f"id-{code}").x() for code in ("4", "3", "2", "1")]
    assert lefts == sorted(lefts)
    assert middle(board, "id-4").x() == middle(board, "id-5").x()
    assert middle(board, "id-4").y() < middle(board, "id-5").y()


def test_the_card_under_a_point_is_found_and_nothing_between_cards(board: BoardView) -> None:
    index = board.indexAt(middle(board, "id-5"))
    assert index.data(Qt.ItemDataRole.DisplayRole) == "5 Drain node"
    assert not board.indexAt(QPoint(5, 600)).isValid()


def test_arrows_walk_across_columns_and_skip_empty_ones(board: BoardView) -> None:
    board.choose("id-4")
    walked = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(board, key)
        current = board.current_card()
        walked.append(current.code if current else "")
    assert walked == ["5", "3", "2", "1"]


def test_the_board_selects_its_first_card_when_it_gets_the_keyboard(board: BoardView) -> None:
    current = board.current_card()
    assert current is not None
    assert current.code == "4"


@pytest.mark.parametrize(
    ("key", "modifier", "column"),
    [
        (Qt.Key.Key_BracketRight, Qt.KeyboardModifier.NoModifier, Column.IN_PROGRESS),
        (Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.NoModifier, Column.WAITING),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier, Column.IN_PROGRESS),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier, Column.WAITING),
    ],
)
def test_keys_ask_to_move_the_card_with_the_version_seen(
    board: BoardView,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    column: Column,
) -> None:
    asked = moves_of(board)
    board.choose("id-3")
    QTest.keyClick(board, key, modifier)
    assert asked == [("id-3", column, 7)]


def test_the_card_stays_until_the_model_moves_it(board: BoardView, model: BoardModel) -> None:
    before = middle(board, "id-3")
    board.moveRequested.emit("id-3", Column.DONE, 7)
    assert middle(board, "id-3") == before
    model.update_rows([replace(model.row(2), column=Column.DONE, version=8)])
    assert middle(board, "id-3").x() == middle(board, "id-1").x()


def test_dragging_to_a_column_asks_for_the_move(board: BoardView) -> None:
    asked = moves_of(board)
    drag(board, "id-3", QPoint(middle(board, "id-1").x(), 500))
    assert asked == [("id-3", Column.DONE, 7)]


def test_dropping_in_its_own_column_or_outside_asks_nothing(board: BoardView) -> None:
    asked = moves_of(board)
    drag(board, "id-3", middle(board, "id-3") + QPoint(0, 200))
    drag(board, "id-3", QPoint(400, -80))
    assert asked == []


def test_escape_ends_a_drag_without_asking(board: BoardView) -> None:
    asked = moves_of(board)
    port, left = board.viewport(), Qt.MouseButton.LeftButton
    start, end = middle(board, "id-3"), QPoint(1000, 400)
    QTest.mousePress(port, left, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(port, start + QPoint(60, 0))
    QTest.mouseMove(port, end)
    QTest.keyClick(board, Qt.Key.Key_Escape)
    QTest.mouseRelease(port, left, Qt.KeyboardModifier.NoModifier, end)
    assert asked == []


def test_a_click_does_not_move_a_card(board: BoardView) -> None:
    asked = moves_of(board)
    QTest.mouseClick(
        board.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        middle(board, "id-2"),
    )
    current = board.current_card()
    assert current is not None
    assert (current.code, asked) == ("2", [])


def test_enter_opens_the_selected_card(board: BoardView, qtbot: QtBot) -> None:
    board.choose("id-2")
    with qtbot.waitSignal(board.opened, check_params_cb=lambda step: step == "id-2"):
        QTest.keyClick(board, Qt.Key.Key_Return)


def test_selection_and_scroll_survive_a_refresh(board: BoardView, model: BoardModel) -> None:
    many = [card(str(n), COLUMNS[n % 2]) for n in range(100)]
    model.apply(many)
    board.choose("id-60")
    scrolled = board.verticalScrollBar().value()
    assert scrolled > 0
    changed = [replace(row, version=2, meta=("11 min", "after 5")) for row in many]
    model.apply([row for row in changed if row.code != "99"])
    current = board.current_card()
    assert current is not None
    assert (current.code, current.version) == ("60", 2)
    assert board.verticalScrollBar().value() == scrolled


def test_the_selected_card_is_scrolled_into_sight(board: BoardView, model: BoardModel) -> None:
    model.apply([card(str(n), Column.READY) for n in range(100)])
    board.choose("id-99")
    index = model.index_of("id-99")
    assert board.viewport().rect().contains(board.visualRect(index))


def test_a_narrow_board_scrolls_sideways_instead_of_squeezing(board: BoardView) -> None:
    board.resize(500, 500)
    board.layout_now()
    assert board.horizontalScrollBar().maximum() > 0


def test_a_painted_card_is_kept_and_painted_anew_in_another_look(
    board: BoardView, theme: Theme
) -> None:
    dark = board.grab().toImage()
    assert board.grab().toImage() == dark
    theme.choose(Look.LIGHT)
    assert board.grab().toImage() != dark


def test_every_card_has_a_text_for_screen_readers(model: BoardModel) -> None:
    texts = [
        model.index(number).data(Qt.ItemDataRole.AccessibleTextRole)
        for number in range(model.rowCount())
    ]
    assert texts[0] == "Step 1 Drain node, Done, 10 min, after 5, KI"
    assert all(texts)


def test_the_board_tells_screen_readers_which_card_is_selected(board: BoardView) -> None:
    board.choose("id-3")
    seen = QAccessible.queryAccessibleInterface(board)
    assert seen.text(QAccessible.Text.Name) == "Board of steps"
    assert "Step 3 Drain node, Ready" in seen.text(QAccessible.Text.Description)


def test_every_card_is_an_item_to_screen_readers_where_it_is_on_screen(board: BoardView) -> None:
    seen = QAccessible.queryAccessibleInterface(board)
    assert seen.role() == QAccessible.Role.List
    names = [seen.child(n).text(QAccessible.Text.Name) for n in range(seen.childCount())]
    assert "Step 3 Drain node, Ready, 10 min, after 5, KI" in names
    third = seen.child(names.index("Step 3 Drain node, Ready, 10 min, after 5, KI"))
    assert third.rect().center() == board.viewport().mapToGlobal(middle(board, "id-3"))


def test_the_model_keeps_qts_promises_through_every_kind_of_refresh(qtbot: QtBot) -> None:
    model = BoardModel()
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    assert isinstance(tester.model(), QAbstractItemModel)
    first = rows()
    for wanted in (
        first,
        list(reversed(first)),
        [first[3], card("9", Column.BLOCKED), first[0]],
        [],
        [replace(first[1], tone=CardTone.RUN)],
    ):
        model.apply(wanted)
        assert list(model.rows()) == wanted


def test_two_rows_of_one_step_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        BoardModel().apply([card("1", Column.READY), card("1", Column.DONE)])
