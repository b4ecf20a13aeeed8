"""What each bundled exhibit of a memory that agents share for one scene is, and how it is trained."""

from engine.exhibit_recipe import ExhibitRecipe

ABOUT_AGENTS: dict[str, ExhibitRecipe] = {
    "smemo-social": ExhibitRecipe(
        title="SMEMO waits its turn",
        says="Three or four agents come to a small place and cross it one after the other, as they came, or in reverse if the "
        "first to come was quick. Each of them knows of the others only what it reads from a memory that all share and that is "
        "wiped after the scene. Of 200 new scenes the order of crossing comes out with a Kendall correlation of 0.89, and an "
        "agent ends 0.19 m from where it should; with nothing read from the memory 1.53 m, with nothing written 1.70 m. Who is "
        "taken out of the scene says whom an agent waits for: in 87 % it is one of those who go before (by chance 70 %, by the "
        "rule itself 93 %, for to take out the first may reverse the order of all).",
        model="smemo",
        task="social",
        seed=1,
        updates=6800,
        checkpoints=2,
        episodes=(0, 1, 2),
        measured=({},),
        settings={"agents": 4, "varied": True, "samples": 20_000, "frame": "world"},
        test_episodes=200,
        bundles_episodes=False,
    ),
    "smemo-junctions": ExhibitRecipe(
        title="SMEMO forgets every junction",
        says="One car at a time, so that its memory is scratch space and nothing more: written while the car is watched, read "
        "for what may come, and wiped before the next. With five read heads, of which only the best was ever taught, the best "
        "of five futures is 0.33 m off on average, and 95 % of what may come is foreseen; but all of it lies in the weights. "
        "U-turns, which training never showed, are 7.9 m off (107 of them in five streams) however many go by: nothing lasts. "
        "Without the wipe what one car has left confuses the next, and the errors of a stream rise from 0.3 or 0.4 m to more "
        "than 5 m.",
        model="smemo",
        task="junctions",
        seed=1,
        updates=2400,
        checkpoints=2,
        episodes=(0, 1, 2),
        measured=({},),
        settings={
            "heads": 5,
            "frame": "turned",
            "scale": 10.0,
            "hidden": 48,
            "stream": "phases",
            "length": 500,
        },
        test_episodes=500,
        bundles_episodes=False,
    ),
}
