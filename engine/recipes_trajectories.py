"""What each bundled exhibit of a memory that lives on through a stream of trajectories is, and how it is trained.

The five seeds of mantra-junctions: its recipe's command with each of the seeds 0 to 4 (`slotscope sweep`), then `slotscope
evaluate RUN --episodes 500`: rows `ade`, `memory_off` and `random_subset`; the intervals are Student's, over the seeds.
"""

from engine.exhibit_recipe import ExhibitRecipe

ABOUT_TRAJECTORIES: dict[str, ExhibitRecipe] = {
    "mantra-junctions": ExhibitRecipe(
        title="MANTRA remembers what cars did",
        says="A memory that is never wiped. Each slot holds a car that was seen and what it did then; a car that comes along "
        "like it may do the same, so five slots give five futures. A small controller stores what the memory did not "
        "foresee, and refuses the rest. Trained from five seeds: on 500 new cars the best of five futures is 0.61 m off "
        "(95 % interval ±0.22; 4.50 m ±0.15 with nothing retrieved, 4.12 m at constant velocity) and 95 % (±3) of the "
        "futures that might as well have come are found, with 41 to 160 of 3,840 samples kept. As many kept by chance: "
        "1.50 m (±0.49), worse with every seed, by 0.89 m (±0.55). This is the seed that did best on held-out cars; it "
        "keeps 41. In its episodes the memory begins empty, and samples come one by one: straight roads first, then "
        "crossings, then U-turns, which no training showed. No weight moves; what it learns, it stores. (The autoencoder "
        "practised on futures bent at random, or it could not draw a U-turn.)",
        model="mantra",
        task="junctions",
        seed=2,
        updates=2000,
        checkpoints=2,
        episodes=(0, 1, 2),
        measured=({},),
        settings={"tolerance": 0.35, "slots": 160, "starts_with": "empty", "stream": "phases", "length": 200},
        test_episodes=500,
        bundles_episodes=False,
    ),
}
