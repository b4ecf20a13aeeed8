"""The one style sheet: how Qt's own widgets look in a palette, at a size of type."""

from string import Template

import assets
from app.plots.colours import Palette

_SHEET = Template("""
* { outline: none; }
QMainWindow, QDialog, #ground { background: $ground; }
#panel, #bar { background: $panel; }
QToolTip { background: $ink; color: $panel; border: none; padding: ${p4}px ${p6}px; }

QLabel { background: transparent; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="live"] { color: $live; }
QLabel[tone="title"] { font-size: ${s17}px; font-weight: 600; }
QLabel[tone="section"] { color: $muted; font-size: ${s11}px; font-weight: 600; }
QLabel[tone="heading"] { font-weight: 600; }

QPushButton { background: $panel; border: 1px solid $line; border-radius: 7px; padding: ${p5}px ${p11}px; color: $ink; }
QPushButton:hover { background: $soft; }
QPushButton:pressed { background: $line; }
QPushButton:checked { background: $ink; color: $panel; border-color: $ink; }
QPushButton:disabled { color: $pale; background: transparent; border-color: $line; }
QPushButton:focus { border: 2px solid $focus; padding: ${p4}px ${p10}px; }
QPushButton[kind="primary"] { background: $ink; color: $panel; border-color: $ink; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $ink_over; border-color: $ink_over; }
QPushButton[kind="primary"]:focus { border: 2px solid $focus; }
QPushButton[kind="primary"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[kind="chip"] { padding: ${p3}px ${p9}px; font-size: ${s12}px; }
QPushButton[kind="chip"]:focus { padding: ${p2}px ${p8}px; }
QPushButton[kind="chip"]:checked {
  background: $panel; color: $ink; border: 2px solid $ink; padding: ${p2}px ${p8}px; font-weight: 600; }
QPushButton[kind="flat"] { background: transparent; border-color: transparent; }
QPushButton[kind="flat"]:hover { background: $soft; }
QPushButton[kind="flat"]:focus { border: 2px solid $focus; }
QPushButton[kind="link"] {
  background: transparent; border: none; padding: 0; color: $ink; text-decoration: underline; text-align: left; }
QPushButton[kind="link"]:focus { color: $focus; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
  background: $panel; border: 1px solid $line; border-radius: 7px; padding: ${p4}px ${p8}px; color: $ink;
  selection-background-color: $focus; selection-color: $panel; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
  border: 2px solid $focus; padding: ${p3}px ${p7}px; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QPlainTextEdit[wrong="true"] { border: 1.5px solid $live; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $pale; background: $soft; }
QLineEdit[gone="true"] { color: $muted; }
QLineEdit[plain="true"] { border: none; background: transparent; padding: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QComboBox::drop-down { border: none; width: ${p20}px; }
QComboBox::down-arrow { image: url("$chevron"); width: ${p14}px; height: ${p14}px; }
QComboBox QAbstractItemView {
  background: $panel; border: 1px solid $line; selection-background-color: $soft; selection-color: $ink; }

QFrame#popup { background: $panel; border: 1px solid $muted; }

QListView, QTreeView, QTableView { background: $panel; border: none; alternate-background-color: $soft; }
QListView::item, QTreeView::item { padding: ${p4}px ${p6}px; border-radius: 5px; color: $ink; }
QListView::item:hover, QTreeView::item:hover { background: $soft; }
QListView::item:selected, QTreeView::item:selected { background: $soft; color: $ink; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $line; padding: ${p4}px; }

QMenu { background: $panel; border: 1px solid $line; border-radius: 7px; padding: ${p4}px; }
QMenu::item { padding: ${p5}px ${p20}px ${p5}px ${p11}px; border-radius: 5px; color: $ink; }
QMenu::item:selected { background: $soft; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px ${p6}px; }
QMenu::indicator { width: ${p14}px; height: ${p14}px; }
QMenu::indicator:checked { image: url("$check"); }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $handle; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

#columns::handle { background: $line; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QProgressBar { background: $soft; border: none; border-radius: 3px; height: 6px; color: transparent; }
QProgressBar::chunk { background: $ink; border-radius: 3px; }
QSlider::groove:horizontal { background: $line; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $ink; border-radius: 2px; }
QSlider::handle:horizontal { background: $panel; border: 2px solid $ink; width: 12px; margin: -6px 0; border-radius: 8px; }
QSlider:focus::handle:horizontal { border-color: $focus; }
#wordmark { font-weight: 700; font-size: ${s14}px; padding: ${p4}px ${p8}px; text-align: left; }
#wordmark::menu-indicator { image: none; width: 0; }
QFrame[rule="true"] { background: $line; border: none; max-height: 1px; }
QLabel[tone="mono"], QLineEdit[tone="mono"], QPlainTextEdit[tone="mono"] { font-family: "$mono"; font-size: ${s12}px; }
""")


def style_sheet(palette: Palette, scale: float, mono: str) -> str:
    """Qt's style sheet for a palette; lengths follow the size of the type."""
    lengths = {f"p{n}": str(round(n * scale)) for n in range(2, 21)}
    sizes = {f"s{n}": str(round(n * scale)) for n in (11, 12, 14, 17)}
    tokens = {name: getattr(palette, name) for name in ("ground", "panel", "line", "soft", "ink", "muted", "live", "focus")}
    return _SHEET.substitute(
        **lengths,
        **sizes,
        **tokens,
        pale=palette.faint("muted", 0.6).name(),
        ink_over=palette.faint("ink", 0.86).name(),
        handle=palette.faint("muted", 0.4).name(),
        chevron=assets.path("icons/chevron_grey.svg").as_posix(),
        check=assets.path("icons/check_grey.svg").as_posix(),
        mono=mono,
    )
