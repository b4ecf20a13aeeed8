"""The form reads each value by its setting and says beside the field what is wrong."""

import pytest
from PySide6.QtCore import Qt

from app.widgets.setting_form import SettingForm
from engine.contract.cards import Setting

SETTINGS = (
    Setting(name="slots", default=128, low=4, high=1024, says="Places in the memory."),
    Setting(name="rate", default=3e-4, low=1e-6, high=1.0, says="Learning rate."),
    Setting(name="controller", default="lstm", choices=("lstm", "feed-forward"), says="The network."),
    Setting(name="noise", default=True, says="Add noise."),
    Setting(name="tasks", default="1,2", says="Which tasks."),
)


@pytest.fixture
def form(qtbot) -> SettingForm:
    made = SettingForm(SETTINGS)
    qtbot.addWidget(made)
    made.show()
    return made


def enter(form: SettingForm, qtbot, name: str, text: str) -> None:
    form.field(name).selectAll()
    qtbot.keyClicks(form.field(name), text)
    qtbot.keyClick(form.field(name), Qt.Key.Key_Return)


def test_it_begins_with_the_defaults(form: SettingForm) -> None:
    assert form.values() == {"slots": 128, "rate": 3e-4, "controller": "lstm", "noise": True, "tasks": "1,2"}
    assert form.is_valid()


def test_what_is_typed_is_read_in_the_setting_s_own_type(form: SettingForm, qtbot) -> None:
    with qtbot.waitSignal(form.changed) as changed:
        enter(form, qtbot, "slots", "256")

    assert changed.args == ["slots", 256]
    assert isinstance(form.values()["slots"], int)


@pytest.mark.parametrize(
    ("text", "says"), [("2000", "not between 4 and 1024"), ("many", "not a number"), ("4.5", "not a whole number")]
)
def test_what_does_not_fit_is_said_and_counts_for_nothing(form: SettingForm, qtbot, text: str, says: str) -> None:
    with qtbot.assertNotEmitted(form.changed):
        enter(form, qtbot, "slots", text)

    assert form.values()["slots"] == 128
    assert not form.is_valid()
    assert says in form.error("slots")


def test_a_right_value_takes_the_error_back(form: SettingForm, qtbot) -> None:
    enter(form, qtbot, "slots", "2000")
    enter(form, qtbot, "slots", "64")

    assert form.is_valid()
    assert form.error("slots") == ""


def test_a_switch_and_a_choice_are_read_too(form: SettingForm, qtbot) -> None:
    with qtbot.waitSignal(form.changed) as switched:
        qtbot.mouseClick(form.field("noise"), Qt.MouseButton.LeftButton)
    form.field("controller").setCurrentIndex(1)
    form.field("controller").activated.emit(1)

    assert switched.args == ["noise", False]
    assert form.values()["controller"] == "feed-forward"


def test_values_set_from_outside_emit_nothing(form: SettingForm, qtbot) -> None:
    with qtbot.assertNotEmitted(form.changed):
        form.set_values({"slots": 32, "noise": False, "unknown": 1})

    assert form.values()["slots"] == 32
    assert not form.field("noise").isChecked()


def test_other_settings_take_the_place_of_the_first(form: SettingForm) -> None:
    form.set_settings(SETTINGS[:1])

    assert list(form.values()) == ["slots"]


def test_every_field_has_a_name_and_a_sentence_for_screen_readers(form: SettingForm) -> None:
    assert form.field("slots").accessibleName() == "Slots"
    assert form.field("slots").accessibleDescription() == "Places in the memory."


def test_a_long_title_is_wrapped_and_leaves_the_form_its_width(form: SettingForm, qtbot) -> None:
    wide = form.minimumSizeHint().width()
    long = Setting(name="start", default="trained", title="A stream of samples starts with this", says="Which memory.")

    form.set_settings((*SETTINGS, long))
    form.resize(230, 400)

    assert form.minimumSizeHint().width() <= max(wide, 230)
    assert form.field("start").geometry().right() < 230
