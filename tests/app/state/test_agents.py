"""Who owes what to whom: four accounts, without what an agent owes itself, and how often each names the one waited for."""

import numpy as np
import pytest

from app.state.agents import ACCOUNTS, accounts_of, agents_in_words, influence, limits, named_right, waits_for
from engine.contract.trace import Trace
from fake_trajectories import FUTURE, PAST, junction_trace, social_trace


def _found(trace: Trace, step: int = 0) -> dict[str, np.ndarray]:
    return {account.role: influence(trace, account, channel, step) for account, channel in accounts_of(trace)}


def test_a_scene_of_agents_has_four_accounts_and_a_lone_car_none() -> None:
    assert [account.role for account, _ in accounts_of(social_trace())] == [account.role for account in ACCOUNTS]
    assert accounts_of(junction_trace()) == []


def test_what_an_agent_owes_to_itself_and_to_absent_ones_is_left_out() -> None:
    for found in _found(social_trace()).values():
        assert np.isnan(np.diagonal(found)).all()
        assert np.isnan(found[3]).all()
        assert np.isnan(found[:, 3]).all()
        assert np.isfinite(found[0, 1])


def test_what_was_reckoned_once_holds_for_the_whole_sample_and_no_other() -> None:
    trace, each = social_trace(), PAST + FUTURE
    values = np.full_like(trace.arrays["who.counterfactual"], np.nan)
    values[3] = trace.arrays["who.counterfactual"][3]
    trace.arrays["who.counterfactual"][:] = values  # type: ignore[index]  # a made-up trace lies in memory

    first, second = _found(trace, each - 1)["counterfactual"], _found(trace, each)["counterfactual"]

    assert np.isfinite(first[0, 1])
    assert np.isnan(second).all()


def test_reading_alike_is_the_cosine_of_the_weightings() -> None:
    trace = social_trace(agents=4, futures=2)
    reads = trace.arrays["read.weighting"][-1].reshape(4, 2, 8).mean(1)

    found = _found(trace, trace.steps - 1)["read"]

    expected = reads[1] @ reads[2] / np.linalg.norm(reads[1]) / np.linalg.norm(reads[2])
    assert found[1, 2] == pytest.approx(expected, rel=1e-5)


def test_the_scale_is_one_for_all_steps_and_does_not_hang_on_what_agents_owe_themselves() -> None:
    trace = social_trace()
    for agent in range(4):
        trace.arrays["who.gradient"][:, agent, agent] = 900

    account = next(account for account in ACCOUNTS if account.role == "gradient")

    assert limits([trace], account) == (0.0, 2.0, False)
    assert limits([trace, social_trace()], account) == (0.0, 2.0, False)


def test_a_few_very_large_values_do_not_make_all_others_pale_and_it_is_said() -> None:
    trace = social_trace(4)
    trace.arrays["who.gradient"][3, 0, 1] = 900

    account = next(account for account in ACCOUNTS if account.role == "gradient")

    assert limits([trace], account) == (0.0, 2.0, True)


def test_it_is_counted_how_often_the_strongest_is_the_one_waited_for() -> None:
    trace = social_trace()
    found = _found(trace, trace.steps - 1)["counterfactual"]
    wrong = found[:, ::-1]

    assert waits_for(trace, trace.steps - 1) == (-1, 0, 1, 2)
    assert named_right(found, (-1, 0, 1, 2)) == (3, 3)
    assert named_right(wrong, (-1, 0, 1, 2))[0] < 3
    assert "it names the one waited for in 3 of 3" in agents_in_words(trace, trace.steps - 1)


def test_a_scene_that_was_not_reckoned_says_so() -> None:
    trace = social_trace()
    for name in ("who.flow", "who.gradient", "who.counterfactual", "read.weighting"):
        trace.arrays[name][:] = np.nan  # type: ignore[index]  # a made-up trace lies in memory

    assert agents_in_words(trace, 0) == "Nobody influences anybody at this step."
