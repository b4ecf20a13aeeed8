"""The two time lanes under the stage, by one name: the episode's steps and the run's updates."""

from app.plots.sequence_lane import EditMark, SequenceLane
from app.plots.training_lane import TrainingLane

__all__ = ["EditMark", "SequenceLane", "TrainingLane"]
