"""A formula's terms can be pressed where they come from a slot."""

from app.widgets.formula_box import FormulaBox


def test_a_term_with_a_slot_is_a_link_and_names_it(qtbot) -> None:
    box = FormulaBox()
    qtbot.addWidget(box)
    box.show_terms([("r = 0.88·", -1), ("M[3]", 3), (" + <b>", -1)])
    with qtbot.waitSignal(box.term_clicked) as clicked:
        box.linkActivated.emit("3")

    assert clicked.args == [3]
    assert box.plain_text == "r = 0.88·M[3] + <b>"
    assert 'href="3"' in box.text()
    assert "&lt;b&gt;" in box.text()
