"""What each bundled exhibit about pictures is, and how it is trained."""

from engine.exhibit_recipe import ExhibitRecipe

ABOUT_PICTURES: dict[str, ExhibitRecipe] = {
    "vqa-mann": ExhibitRecipe(
        title="VQA-MANN knows rare things by name",
        says="After five passes over 4,000 questions about pictures. Every kind of thing has an invented name, and most were met "
        "a few times only: too few for the weights, but some lie in its memory, 512 training samples with their answers that are "
        "never wiped. In five worlds, each with a seed of its own, answers that training had shown 1 to 4 times were right in "
        "36 % (95 % interval ±11), those shown 5 to 19 times in 75 % (±13). The same network trained without a memory: 0 % and "
        "10 %; this one with its memory switched off: 3 % and 16 %; the baseline: none. The gain holds early only: after fifteen "
        "passes the network without a memory was no worse on rare answers (37 % and 80 % against 37 % and 75 %, the differences "
        "within ±19 and ±7) and right more often over all (72 % against 66 %, ±6). The eyes were trained beforehand on other "
        "pictures, to tell shapes and colours. In its episodes the right answer is revealed after each picture, and the memory "
        "goes on writing.",
        model="vqa-mann",
        task="shapes",
        seed=0,
        updates=1250,
        checkpoints=3,
        episodes=(0, 1, 2),
        measured=({}, {"memory_used": False}),
        settings={"goes_on_writing": True, "length": 24},
        test_episodes=3000,
        bundles_episodes=False,
    ),
    "vqa-baseline": ExhibitRecipe(
        title="A network without a memory looks at pictures",
        says="The plain network for visual questions, an LSTM and the whole picture in one vector, on the same 4,000 questions, "
        "with the same eyes and for the same five passes as VQA-MANN. It has no attention and no memory: so early it counts, "
        "guesses what is frequent, and knows hardly a name. In each of five worlds no answer that training had shown fewer than "
        "20 times was right.",
        model="vqa-baseline",
        task="shapes",
        seed=0,
        updates=1250,
        checkpoints=3,
        episodes=(0, 1, 2),
        measured=({},),
        settings={"length": 24},
        test_episodes=3000,
        bundles_episodes=False,
    ),
}
