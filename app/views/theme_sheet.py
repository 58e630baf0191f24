"""The style sheet, written from tokens and sizes. Widgets opt in by property: `tone`, `part`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template

_SHEET = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[part="page"] { background: $bg; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: ${p4}px; }
QLabel { background: transparent; }
QBalloonTip QLabel { color: $on_balloon; }
QBalloonTip QPushButton { background: transparent; border: 0; padding: 0; min-height: 0; }
QLabel[part="muted"] { color: $muted; }
QLabel[part="sub"] { color: $muted; font-size: ${p12}px; }
QLabel[part="small"] { color: $muted; font-size: ${p11}px; }
QLabel[part="title"] { font-size: ${p18}px; font-weight: 650; }
QLabel[part="brand"] { font-size: ${p15}px; font-weight: 700; }
QLabel[part="title-small"] { font-size: ${p15}px; font-weight: 650; }
QLabel[part="head"] { font-weight: 650; }
QLabel[part="mono"] { font-family: "$mono"; }
QLabel[part="clock"] { font-family: "$mono"; font-weight: 600; }
QLabel[part="clock"][tone="quiet"] { color: $muted; }
QLabel[part="error"] { color: $bad; font-size: ${p12}px; }
QLabel[tone="ok"] { color: $ok; } QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; } QLabel[tone="info"] { color: $info; }
QLabel[tone="comms"] { color: $comms; } QLabel[tone="accent"] { color: $accent; }

QFrame[part="card"] { background: $surface; border: 1px solid $line; border-radius: ${p9}px; }
QFrame[part="card"][tone="accent"] { border-color: $accent; }
QFrame[part="card"][tone="info"] { border-color: $info; }
QFrame[part="card"][tone="bad"] { border-color: $bad; }
QFrame[part="card"][tone="comms"] { border-color: $comms; }
QFrame[part="card"][tone="warn"] { border-color: $warn; }
QFrame[part="card"][tone="ok"] { border-color: $ok; }
QFrame[part="inset"] { background: $raised; border: 1px solid $line; border-radius: ${p7}px; }
QFrame[part="rail"] { background: $surface; border: 0; border-right: 1px solid $line; }
QFrame[part="header"] { background: $bg; border: 0; border-bottom: 1px solid $line; }
QFrame[part="header"][tone="accent"] { background: $alert; border-bottom-color: $accent; }
QFrame[part="foot"] { background: $bg; border: 0; border-top: 1px solid $line; }
QFrame[part="rule"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }
QFrame[part="strip"] { background: $surface; border: 0; border-bottom: 1px solid $line; }
QFrame[part="strip"][tone="comms"] { background: $comms; border-bottom: 0; }
QFrame[part="strip"][tone="bad"] { background: $bad; border-bottom: 0; }
QLabel[part="strip-words"] { color: $muted; }
QLabel[part="strip-words"][tone="bad"] { color: $bg; font-weight: 650; }
QLabel[part="strip-words"][tone="comms"] { color: $bg; font-weight: 650; }
QFrame[part="strip"] QPushButton { font-size: ${p12}px; padding: ${p2}px ${p10}px;
  min-height: ${p22}px; }
QFrame[part="strip"] QPushButton:focus { padding: 1px ${p9}px; }

QPushButton, QToolButton { background: $raised; border: 1px solid $line; color: $text;
  border-radius: ${p6}px; padding: ${p5}px ${p13}px; min-height: ${p17}px; font-weight: 550; }
QPushButton:hover, QToolButton:hover { border-color: $muted; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { outline: 0; border: 2px solid $accent;
  padding: ${p4}px ${p12}px; }
QPushButton[tone="primary"] { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[tone="primary"]:hover { border-color: $text; }
QPushButton[tone="primary"]:focus { border: 2px solid $text; }
QPushButton[tone="danger"] { border-color: $bad; color: $bad; }
QPushButton[tone="danger"]:focus { border: 2px solid $bad; }
QFrame[part="header"] QPushButton { font-size: ${p12}px; padding: ${p5}px ${p10}px; }
QFrame[part="header"] QPushButton:focus { padding: ${p4}px ${p9}px; }
QFrame[part="header"] QPushButton[part="pill"] { background: transparent;
  border-radius: ${p14}px; font-weight: 400; }
QPushButton[tone="link"], QToolButton[tone="link"] { background: transparent;
  border-color: transparent; color: $info; padding: ${p5}px ${p6}px; }
QPushButton[tone="link"]:focus, QToolButton[tone="link"]:focus { border: 2px solid $accent;
  padding: ${p4}px ${p5}px; }
QPushButton:disabled, QToolButton:disabled, QPushButton[tone="primary"]:disabled,
QPushButton[tone="danger"]:disabled { background: transparent; color: $muted;
  border: 1px dashed $line; }
QPushButton::menu-indicator { width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QTimeEdit, QDateTimeEdit, QComboBox {
  background: $bg; border: 1px solid $line; border-radius: ${p6}px; padding: ${p4}px ${p8}px;
  selection-background-color: $accent; selection-color: $on_accent; min-height: ${p18}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateEdit:focus,
QTimeEdit:focus, QDateTimeEdit:focus, QComboBox:focus { border: 2px solid $accent;
  padding: ${p3}px ${p7}px; }
QLineEdit { placeholder-text-color: $muted; }
QSpinBox, QTimeEdit { max-height: ${p18}px; }
QComboBox { padding-left: ${p10}px; } QComboBox:focus { padding-left: ${p9}px; }
QLineEdit[tone="bad"], QPlainTextEdit[tone="bad"], QComboBox[tone="bad"],
QDateTimeEdit[tone="bad"], QSpinBox[tone="bad"] { border-color: $bad; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $muted; }
QCheckBox, QRadioButton { spacing: ${p8}px; min-height: ${p28}px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; text-decoration: underline; }

QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {
  width: ${p16}px; height: ${p16}px;
  border: 1px solid $muted; border-radius: ${p4}px; background: $bg; }
QRadioButton::indicator { border-radius: ${dot_round}px; }
QCheckBox::indicator:checked, QListView::indicator:checked {
  background: $accent; border-color: $accent;
  image: url("$icons/check-$look.svg"); }
QRadioButton::indicator:checked { border: ${p5}px solid $accent; width: ${dot_hole}px;
  height: ${dot_hole}px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QSpinBox::up-button, QSpinBox::down-button, QTimeEdit::up-button, QTimeEdit::down-button,
QTimeEdit::drop-down { subcontrol-origin: border; width: 0; height: 0; border: 0; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down { border: 0;
  width: ${p24}px; }
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow {
  image: url("$icons/caret.svg"); width: ${p16}px; height: ${p16}px; }

QAbstractItemView { background: transparent; border: 0; outline: 0;
  selection-background-color: $raised; selection-color: $text; }
QDialog[part="palette"] { background: $surface; border: 1px solid $muted; }
QListView[part="popup"] { background: $raised; border: 1px solid $line;
  selection-background-color: $line; }
QListView[part="popup"]::item { min-height: ${p28}px; padding: 0 ${p6}px; }
QListView[part="popup"]::item:selected { background: $line; color: $text; }
QListView[part="ticks"]::item { border: 1px solid transparent; border-radius: ${p4}px; }
QListView[part="ticks"]::item:selected { background: transparent; }
QListView[part="ticks"]::item:selected:focus { border-color: $accent; background: $line; }
QComboBox { combobox-popup: 0; }
QFileDialog QToolButton { padding: ${p3}px; }
QLineEdit QToolButton { min-height: 0; padding: 0; border: 0; background: transparent; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; padding: ${p4}px;
  selection-background-color: $line; }
QComboBox QAbstractItemView::item { min-height: ${p28}px; padding: 0 ${p6}px; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $raised; }
QCalendarWidget QToolButton { background: $raised; border: 1px solid $raised; color: $text;
  padding: ${p4}px ${p8}px; }
QCalendarWidget QToolButton:hover, QCalendarWidget QToolButton:focus { border-color: $accent; }
QCalendarWidget QToolButton::menu-indicator { width: 0; image: none; }
QCalendarWidget QAbstractItemView { background: $raised; alternate-background-color: $raised;
  color: $text; selection-background-color: $accent; selection-color: $on_accent; }
QCalendarWidget QAbstractItemView:disabled { color: $muted; }
QHeaderView::section { background: $surface; color: $muted; border: 0;
  border-bottom: 1px solid $line; padding: ${p6}px ${p8}px; }
QHeaderView::section:horizontal { padding: ${p6}px ${p3}px; }
QHeaderView::section:vertical { border-bottom: 0; padding: 0 ${p8}px; }
QTableCornerButton::section { background: transparent; border: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget[part="scroll"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: ${p4}px; margin: ${p2}px; }
QScrollBar::handle:vertical { min-height: ${p28}px; }
QScrollBar::handle:horizontal { min-width: ${p28}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabBar { background: transparent; border: 0; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; border: 0;
  border-bottom: 2px solid transparent; padding: ${p9}px ${p2}px; margin-right: ${p16}px;
  min-height: ${p16}px; }
QTabBar[close="yes"]::tab { margin-right: ${p4}px; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar:focus { outline: 0; }
QTabBar::tab:focus:selected { color: $accent; }
QMenu { background: $raised; border: 1px solid $line; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p16}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $line; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px ${p8}px; }
QProgressBar { background: $line; border: 0; border-radius: ${p4}px; max-height: ${p8}px; }
QProgressBar::chunk { background: $info; border-radius: ${p4}px; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover, QSplitter::handle:pressed { background: $line; }
""")


def style_sheet(tokens: Mapping[str, str], px: Callable[[float], int], mono: str, look: str) -> str:
    """`tokens` map token names to colours; `px` scales a design pixel; `look` is dark or light."""
    icons = (Path(__file__).resolve().parents[2] / "resources" / "icons").as_posix()
    sizes = {f"p{n}": str(px(n)) for n in range(1, 30)}
    dot = px(16) + 2  # with its border: a checked one must be as large as an unchecked one
    sizes |= {"dot_hole": str(dot - 2 * px(5)), "dot_round": str(dot // 2)}
    return _SHEET.substitute(tokens, mono=mono, look=look, icons=icons, **sizes)
