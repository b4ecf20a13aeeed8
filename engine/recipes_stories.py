"""What each bundled exhibit about stories, facts and questions is, and how it is trained."""

from engine.exhibit_recipe import ExhibitRecipe

ABOUT_STORIES: dict[str, ExhibitRecipe] = {
    "memn2n-babi": ExhibitRecipe(
        title="MemN2N answers questions about stories",
        says="An End-To-End Memory Network that has read stories of all twenty kinds from our own generator, and is asked "
        "without being told of which kind a story is. Three times it looks through the sentences, and each look decides what the "
        "next one seeks; where it seeks in vain, it looks at a place that is always empty. Paths (task 19) and positions (17) it "
        "has not learnt, as in the paper. It never saw a story of the published files. One training, from one seed.",
        model="memn2n",
        task="babi",
        seed=1,
        updates=200_000,
        checkpoints=8,
        episodes=(41, 14, 5, 42),
        measured=({},),
        settings={"tasks": ",".join(map(str, range(1, 21))), "questions": 10_000, "linear_start": 0.1},
        test_episodes=20_000,
        published="published test files, never trained on",
    ),
    "memnn-babi": ExhibitRecipe(
        title="A Memory Network looks facts up",
        says="The first Memory Network, on stories of five kinds from our own generator: one, two or three facts to find, yes or "
        "no, and deduction. It looks up one sentence after the other, each by a tournament among all, until it finds that it is "
        "enough. In training it was told which sentences those should be; so its figures do not compare with those of networks "
        "that are taught the answers alone. Of our questions about three facts it misses one in nine: nearly always it takes the "
        "newest fact about the thing first, where an older one is needed, and a hard choice is not taken back. It never saw a "
        "story of the published files.",
        model="memnn",
        task="babi",
        seed=0,
        updates=12_000,
        checkpoints=6,
        episodes=(31,),
        measured=({},),
        settings={"tasks": "1,2,3,6,15", "width": 32, "slots": 32, "questions": 10_000},
        test_episodes=5000,
        published="published test files, never trained on",
    ),
    "kv-babi": ExhibitRecipe(
        title="KV-MemNN answers questions about stories",
        says="A Key-Value Memory Network on five kinds of stories from our own generator. Key and value are the "
        "same sentence, embedded twice, and after each hop a matrix of its own turns the state. The pane of keys and values "
        "shows what each sentence alone would answer. It never saw a story of the published files.",
        model="kv",
        task="babi",
        seed=0,
        updates=60_000,
        checkpoints=5,
        episodes=(41, 6),
        measured=({},),
        settings={
            "tables": "apart",
            "tasks": "1,2,3,6,15",
            "width": 32,
            "slots": 32,
            "questions": 10_000,
            "linear_start": 0.2,
        },
        test_episodes=5000,
        published="published test files, never trained on",
    ),
    "kv-facts": ExhibitRecipe(
        title="KV-MemNN answers questions about films",
        says="A Key-Value Memory Network with a small knowledge base of invented films. Each fact is found by its key (whom it "
        "is about, and how) and read by its value. Of 32 facts, hashing leaves those that share a rare word with the question; "
        "the hops tell the relations apart. Who made what is drawn anew for every bank: the question alone gives no answer. "
        "On banks of 48 facts, such a network trained without hashing had 0.05 % wrong, and a MemN2N, which reads each fact as "
        "one sentence, 1 %. These weights were never trained on a whole bank, and are lost without hashing.",
        model="kv",
        task="facts",
        seed=0,
        updates=3000,
        checkpoints=4,
        episodes=(3,),
        measured=({}, {"films": 1}, {"hashing": False}),
        settings={"tables": "apart", "width": 20, "linear_start": 0.0, "films": 4, "slots": 32},
        test_episodes=2000,
    ),
    "dmn-babi": ExhibitRecipe(
        title="DMN goes over a story three times",
        says="A Dynamic Memory Network that has read stories of five kinds from our own generator: one, two or three facts to "
        "find, yes or no, and deduction. Each pass opens its gates for one fact: where is the milk? The first pass finds who "
        "took it, the second where that one went. In training its gates were told which facts are right, pass by pass, so it is "
        "strongly supervised: its figures do not compare with those of networks that were taught answers only. It never saw a "
        "story of the published files.",
        model="dmn",
        task="babi",
        seed=0,
        updates=6000,
        checkpoints=3,
        episodes=(31,),
        measured=({},),
        settings={
            "gate_supervision": True,
            "tasks": "1,2,3,6,15",
            "width": 32,
            "slots": 32,
            "questions": 5000,
            "thinning": 0.5,
            "decay": 3e-4,
        },
        test_episodes=5000,
        published="published test files, never trained on",
    ),
}
