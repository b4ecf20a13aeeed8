"""The sentence line says the step, to eyes and to screen readers."""

from app.widgets.sentence_line import SentenceLine


def test_the_sentence_is_exposed_and_drawn(qtbot) -> None:
    line = SentenceLine()
    qtbot.addWidget(line)
    line.resize(500, 26)
    empty = line.grab().toImage()
    line.set_text("Step 8 of 41.", "Write head 1 writes slot 7 (0.98).")
    line.set_gauge("traces 14 MB of 2 GB")

    assert line.accessibleName() == "Step 8 of 41. Write head 1 writes slot 7 (0.98)."
    assert line.grab().toImage() != empty


def test_a_sentence_longer_than_the_line_is_cut(qtbot) -> None:
    line = SentenceLine()
    qtbot.addWidget(line)
    line.resize(120, 26)
    line.set_text("Step 8 of 41.", "word " * 100)
    line.set_gauge("traces 14 MB")

    assert not line.grab().isNull()
