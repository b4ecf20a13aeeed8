"""Chips wrap like text."""

from PySide6.QtWidgets import QPushButton, QWidget

from app.widgets.flow_layout import FlowLayout


def test_a_narrower_place_needs_more_lines(qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(page)
    for number in range(8):
        flow.addWidget(QPushButton(f"chip {number}", page))

    assert flow.heightForWidth(150) > 2 * flow.heightForWidth(2000)
    assert flow.count() == 8
    assert flow.takeAt(9) is None
    assert flow.itemAt(0).widget().text() == "chip 0"


def test_no_chip_leaves_its_place(qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(page)
    for number in range(8):
        flow.addWidget(QPushButton(f"chip {number}", page))
    page.resize(200, 400)
    page.show()

    assert all(page.rect().contains(flow.itemAt(index).geometry()) for index in range(8))
