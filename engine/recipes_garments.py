"""What each bundled exhibit about garments is, and how it is trained."""

from engine.exhibit_recipe import ExhibitRecipe

ABOUT_GARMENTS: dict[str, ExhibitRecipe] = {
    "gr-mann-wardrobe": ExhibitRecipe(
        title="GR-MANN remembers what goes together",
        says="A memory of pairs of garments that we draw, by rules that no network is told: up to three styles of bottoms "
        "go with a top. Of 4,992 pairs that were presented it kept 328. Of 400 new pairs, 99 % have the category and "
        "the colour of what was worn on a list of five, and the list offers 98 % of the styles that go with the top. "
        "With 328 pairs kept at random (six draws) 75 to 80 % and 78 to 81 %; with the memory off 32 % and 19 %; a "
        "linear regression from picture to picture 48 % and 37 %. The list is not purer than that of a random memory: "
        "50 % of the five go with the top by some rule, against 52 to 56 %, for each pair is kept once and a top has "
        "only two or three, so that the rest comes from other tops; of the first on the list 86 % do. In the second "
        "half of an episode tops have hues that training never showed: no weight moves, but pairs are stored, and the "
        "error on held-out tops of these hues, 0.46 at their beginning, is 0.21 to 0.37 after 60 pairs.",
        model="gr-mann",
        task="wardrobe",
        seed=0,
        updates=2600,
        checkpoints=1,
        episodes=(0, 1, 2),
        measured=({},),
        settings={"length": 120},
        test_episodes=400,
        bundles_episodes=False,
        is_half=True,
    ),
    "gr-mann-disentangled": ExhibitRecipe(
        title="GR-MANN keeps shapes and colours apart",
        says="The same task with codes in two halves: shapes seen without their colours, and colours without their shape. "
        "Every slot holds a pair of one half; proposals are combinations. 43 slots, 24 of shapes and 19 of colours, "
        "were worth keeping of 3,840 pairs, where the undivided memory keeps 328. Of 400 new pairs, 61 % have the "
        "category and the colour of what was worn on a list of five (undivided: 99 %), 84 % on one of ten; with 43 "
        "slots filled at random 43 %, with the memory off 23 %. It combines halves of different styles: 28 % of the "
        "five go with the top by some rule (undivided: 50 %). Hues that training never showed cost it less: an error "
        "of 0.26 at their beginning is 0.05 to 0.07 after 60 pairs. Another colour leaves the shape half of a bottom "
        "within a cosine of 0.99 (white, of which little but the outline is seen, 0.89), another shape the colour "
        "half within 0.99.",
        model="gr-mann",
        task="wardrobe",
        seed=0,
        updates=2000,
        checkpoints=1,
        episodes=(0, 1, 2),
        measured=({},),
        settings={"variant": "disentangled", "proposals": 9, "length": 120},
        test_episodes=400,
        bundles_episodes=False,
        is_half=True,
    ),
}
