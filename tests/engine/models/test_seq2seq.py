"""Sequence to sequence: what is handed over, and what the decoder is fed."""

from dataclasses import replace

import pytest
import torch

from engine.blocks.probe import Editor, Recorder
from engine.contract.cards import read_settings
from engine.contract.edits import Edit
from engine.models.seq2seq import ENTRY, Seq2Seq
from engine.tasks.base import BEGIN, END, PairBatch

SYMBOLS = 8


def net(layers: int = 2) -> Seq2Seq:
    torch.manual_seed(0)
    return Seq2Seq(read_settings(ENTRY.card.settings, {"hidden": 9, "layers": layers, "width": 5}), SYMBOLS)


def batch(taught: bool, size: int = 3, length: int = 4) -> PairBatch:
    source = torch.randint(3, SYMBOLS, (length, size), generator=torch.Generator().manual_seed(1))
    edge = torch.ones(1, size, dtype=torch.long)
    return PairBatch(source=source, target=torch.cat((BEGIN * edge, source.flip(0), END * edge)), taught=taught)


@pytest.mark.parametrize("taught", [True, False])
def test_the_quick_path_says_the_same(taught: bool) -> None:
    made = net()

    with torch.no_grad():
        torch.testing.assert_close(made.fused(batch(taught)), made(batch(taught)), atol=1e-5, rtol=1e-5)


def test_a_decoder_that_says_the_truth_is_fed_like_one_that_is_taught() -> None:
    made = net()
    alone = batch(taught=False)

    with torch.no_grad():
        said = made(alone)
        right = replace(alone, target=torch.cat((alone.target[:1], said.argmax(-1))), taught=True)
        taught = made(right)

    torch.testing.assert_close(taught, said, atol=1e-6, rtol=1e-6)


def test_a_decoder_on_its_own_never_sees_the_target() -> None:
    made, one = net(), batch(taught=False)
    other = replace(one, target=torch.cat((one.target[:1], one.target[1:].flip(0))))

    with torch.no_grad():
        assert torch.equal(made(one), made(other))


def test_encoder_and_decoder_equal_the_lstms_of_torch() -> None:
    made, taught = net(2), batch(taught=True)
    halves = []
    for ours in (made.encoder, made.decoder):
        theirs = torch.nn.LSTM(5, 9, 2)
        theirs.load_state_dict({f"{n}_l{i}": v for i, layer in enumerate(ours) for n, v in layer.state_dict().items()})
        halves.append(theirs)

    _, state = halves[0](made.source_words(taught.source))
    spoken, _ = halves[1](made.target_words(taught.target[:-1]), state)

    torch.testing.assert_close(made(taught), made.readout(spoken), atol=1e-6, rtol=1e-5)


def test_what_is_handed_over_is_the_encoders_last_state_and_shown_once() -> None:
    made, recorder = net(), Recorder()

    with torch.no_grad():
        made(batch(taught=False), recorder)

    arrays = recorder.arrays(9)
    assert (arrays["handover.cell"][4] == arrays["encoder.cell"][3]).all()
    assert (arrays["handover.hidden"][4] == arrays["encoder.hidden"][3]).all()
    assert [bool(step) for step in torch.isfinite(torch.tensor(arrays["handover.cell"])).flatten(1).all(1)] == [
        step == 4 for step in range(9)
    ]


def test_without_the_hand_over_every_source_is_answered_alike() -> None:
    made, given = net(1), batch(taught=False)
    erase = [Edit(channel=name, act="mute", index=(0,), step=4) for name in ("handover.cell", "handover.hidden")]

    with torch.no_grad():
        said = made(given, Editor(erase, Recorder()))

    torch.testing.assert_close(said[:, 0], said[:, 1])
    torch.testing.assert_close(said[:, 0], said[:, 2])
