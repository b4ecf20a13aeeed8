"""What each bundled exhibit is and how it is trained: model, task, settings, seed, length of the run, and how it is measured."""

from engine.exhibit_recipe import ExhibitRecipe
from engine.recipes_agents import ABOUT_AGENTS
from engine.recipes_garments import ABOUT_GARMENTS
from engine.recipes_pictures import ABOUT_PICTURES
from engine.recipes_stories import ABOUT_STORIES
from engine.recipes_trajectories import ABOUT_TRAJECTORIES

RECIPES: dict[str, ExhibitRecipe] = {
    "ntm-copy": ExhibitRecipe(
        title="NTM copies bit patterns",
        says="A Neural Turing Machine that has learnt to copy: one head writes the vectors into slot after slot, the other finds "
        "the start again and reads them off. It was trained on 1 to 20 vectors and copies more than a hundred. Seeds 1 and 2 "
        "were trained; 1 was kept for fewer wrong bits at length 120, on other episodes than those of the figures here.",
        model="ntm",
        task="copy",
        seed=1,
        updates=10_000,
        checkpoints=16,
        episodes=(0, 4, 13),
        shown_in_lessons=(4,),
        measured=({"length": 10}, {"length": 20}, {"length": 50}, {"length": 120}, {"length": 120, "slots": 256}),
    ),
    "ntm-repeat-copy": ExhibitRecipe(
        title="NTM says a pattern over and over",
        says="A Neural Turing Machine with a loop in it: the read head walks along the vectors, jumps back to the first one, and "
        "does so as often as it was told. Meanwhile the write head walks on by one slot at each step, so that long episodes need "
        "many slots: with 256 it says twenty vectors ten times, with its own 128 it writes over them. Beyond the ten repeats of "
        "its training it loses count.",
        model="ntm",
        task="repeat-copy",
        seed=1,
        updates=20_000,
        checkpoints=8,
        episodes=(3, 0),
        measured=(
            {},
            {"length": 20, "repeats": 10},
            {"length": 20, "repeats": 10, "slots": 256},
            {"length": 10, "repeats": 20},
            {"length": 10, "repeats": 20, "slots": 256},
        ),
    ),
    "ntm-recall": ExhibitRecipe(
        title="NTM recalls what came after an item",
        says="A Neural Turing Machine that looks up by content. Each vector of a list of items goes to a slot of its own, the "
        "next beside it. While an item is shown again, the read head comes to where that one lies, and then walks on along the "
        "item that came after it. Trained on 2 to 6 items and 32 slots; with 128 slots the same weights recall from 15 items. It "
        "comes late and all at once: see the curve.",
        model="ntm",
        task="associative-recall",
        seed=1,
        updates=10_000,
        checkpoints=9,
        episodes=(1, 4, 5),
        measured=({}, {"items": 8, "slots": 128}, {"items": 12, "slots": 128}, {"items": 15, "slots": 128}),
        settings={"slots": 32},
    ),
    "ntm-ngrams": ExhibitRecipe(
        title="NTM guesses the next bit",
        says="A Neural Turing Machine that guesses the next of random bits, whose chances depend on the five bits before: it "
        "must keep account of what followed what. It writes to slot after slot and reads mixtures of them, and costs 1.5 % "
        "more than the best guess that counting allows, which stands beside its own on the tape (a second seed: 2.5 %). An LSTM "
        "of 128 units comes within 4.3 %, after seven times as many sequences. Trained with 64 slots, where it soon writes over "
        "the oldest, it came within 4.7 %.",
        model="ntm",
        task="ngrams",
        seed=1,
        updates=11_000,
        checkpoints=8,
        episodes=(1,),
        measured=({}, {"slots": 64}, {"slots": 256}),
    ),
    "ntm-sort": ExhibitRecipe(
        title="NTM sorts by priority",
        says="A Neural Turing Machine with four read heads and four write heads, trained to say the best 6 of 8 vectors. It "
        "writes them in the order in which they come, and then finds by content, one after the other, what has the next "
        "priority: it sorts as it reads, where the paper's machine sorted as it wrote. With 64 slots the same weights "
        "say the best 16 of 20 with few wrong bits. An LSTM of 256 units, trained on the same task for 12,000 updates, "
        "costs 28 bits per sequence.",
        model="ntm",
        task="priority-sort",
        seed=1,
        updates=9_000,
        checkpoints=7,
        episodes=(1, 2, 0),
        measured=(
            {},
            {"items": 12, "answers": 9, "slots": 64},
            {"items": 20, "answers": 16, "slots": 64},
        ),
        settings={"items": 8, "answers": 6, "slots": 32, "heads": 4},
    ),
    "lstm-copy": ExhibitRecipe(
        title="LSTM copies bit patterns",
        says="A recurrent net on the same task: all that it has seen lies in one state vector. It copies short episodes, and "
        "loses the longer ones, although it has four times as many parameters as the Neural Turing Machine.",
        model="lstm",
        task="copy",
        seed=1,
        updates=40_000,
        checkpoints=4,
        episodes=(0, 4, 13),
        measured=({"length": 10}, {"length": 20}, {"length": 30}, {"length": 50}, {"length": 120}),
    ),
    "rnn-copy": ExhibitRecipe(
        title="A plain RNN copies bit patterns",
        says="The simplest recurrent net on the same task. Nothing protects its one vector, so it was trained on 1 to 5 vectors "
        "only. Those it copies without a wrong bit; of ten, half the bits are wrong, which is as good as guessing.",
        model="rnn",
        task="copy",
        seed=1,
        updates=20_000,
        checkpoints=8,
        episodes=(4, 3, 5),
        measured=({"length": 5}, {"length": 10}, {"length": 20}, {"length": 30}, {"length": 50}, {"length": 120}),
        settings={"max_length": 5},
    ),
    "gru-copy": ExhibitRecipe(
        title="GRU copies bit patterns",
        says="A recurrent net with two gates and no separate cell, trained on 1 to 20 vectors like the LSTM, but for 12,000 "
        "updates where that had 40,000. Ten vectors it copies nearly always without a wrong bit; twenty it never does.",
        model="gru",
        task="copy",
        seed=1,
        updates=12_000,
        checkpoints=4,
        episodes=(0, 4, 13),
        measured=({"length": 10}, {"length": 20}, {"length": 30}, {"length": 50}, {"length": 120}),
    ),
    "seq2seq-reverse": ExhibitRecipe(
        title="Seq2Seq says letters backwards",
        says="One LSTM reads some letters and hands over its last state; another says them backwards, and this one vector is all "
        "that it knows of them. Of 3 to 12 letters, as in training, nearly every sequence is right; of 18, which it never saw, "
        "hardly any.",
        model="seq2seq",
        task="transduce",
        seed=1,
        updates=6_000,
        checkpoints=4,
        episodes=(0, 4, 14),
        measured=({}, {"length": 12}, {"length": 18}, {"length": 24}),
    ),
    "transformer-copy": ExhibitRecipe(
        title="A Transformer copies bit patterns",
        says="A Transformer on the same task and the same episodes. It keeps every vector at its own place and forgets none; to "
        "say them again it must work out where each one stood, from waves that number the places. So it copies what is as long "
        "as in its training, 1 to 20 vectors; of 30 half the bits are wrong, which is as good as guessing: places that high it "
        "never saw.",
        model="transformer",
        task="copy",
        seed=1,
        updates=8000,
        checkpoints=5,
        episodes=(0, 4, 13),
        measured=({"length": 10}, {"length": 20}, {"length": 30}, {"length": 50}, {"length": 120}),
        settings={"layers": 4},
    ),
    "transformer-reverse": ExhibitRecipe(
        title="A Transformer says letters backwards",
        says="Encoder and decoder. The decoder keeps no state: for each letter that it says, it looks at all letters of the "
        "source again, and its attention runs backwards through them. No single vector has to hold the whole source, as in "
        "Seq2Seq. Of 3 to 12 letters, as in training, every sequence is right; of 18, whose places it never saw, none.",
        model="transformer",
        task="transduce",
        seed=1,
        updates=6000,
        checkpoints=5,
        episodes=(0, 4, 13),
        measured=({}, {"length": 12}, {"length": 18}, {"length": 24}),
    ),
    "dnc-copy-reuse": ExhibitRecipe(
        title="DNC gives slots back and writes them again",
        says="A Differentiable Neural Computer with ten slots copies up to five lists of vectors, more in all than it has "
        "slots. What comes in goes to slots that are free. To say it again, the read head finds the first vector by "
        "content and follows the order of writing; what was read is given back, and written again in the next round. Its "
        "controller is a feed-forward one: all that it remembers lies in the memory. Ten rounds, or twice as many slots, "
        "it does not manage without mistakes: see the figures.",
        model="dnc",
        task="copy-reuse",
        seed=1,
        updates=20_000,
        checkpoints=8,
        episodes=(0, 4, 13),
        measured=({}, {"rounds": 5}, {"rounds": 10}, {"rounds": 5, "slots": 20}),
        settings={"slots": 10, "slot_width": 10, "controller": "feedforward"},
    ),
    "dnc-graph-path": ExhibitRecipe(
        title="DNC follows a path through a graph",
        says="The edges of a random graph come in one by one and go to free slots. Then comes the question: a start, and which "
        "way to go at each node. To answer, the one read head looks two ways at once: by content at the edge that leads "
        "on, by the order of writing at the next word of the question. Trained on graphs of up to 5 nodes and 10 edges; "
        "with 32 slots in place of 16 the same weights walk graphs of 8 nodes. Paths longer than in training go wrong.",
        model="dnc",
        task="graph-path",
        seed=1,
        updates=15_000,
        checkpoints=8,
        episodes=(0, 4, 13),
        measured=({}, {"nodes": 5, "path": 3}, {"nodes": 8, "path": 3}, {"nodes": 8, "path": 3, "slots": 32}, {"path": 5}),
        settings={"slots": 16, "controller": "feedforward"},
    ),
    "feedback-algorithmic": ExhibitRecipe(
        title="A Feedback Transformer follows programs",
        says="It keeps track of variables while a program passes by, word by word. What each step leaves in memory is mixed from "
        "all layers, so what was worked out at one statement can be used by the next. Of 12 statements it says 65 % of the "
        "values (three seeds: 65.3, 65.2, 64.3), the Transformer of the same depth beside it 60 % (60.2, 60.0, 61.2); of 16, "
        "which neither was trained on, 58 % and 52 %. Neither has learnt the task whole; after fifty thousand updates of 512 "
        "programs its authors report 99 % against 34 %.",
        model="feedback",
        task="algorithmic",
        seed=1,
        updates=8000,
        checkpoints=6,
        episodes=(0, 1, 2),
        measured=({}, {"statements": 4}, {"statements": 8}, {"statements": 12}, {"statements": 16}),
        settings={"print_share": 0.5},
    ),
    "transformer-algorithmic": ExhibitRecipe(
        title="A Transformer follows programs",
        says="Two layers, as in the Feedback Transformer beside it, and the same programs. Every position looks back at all "
        "words, but only two layers deep: what a variable became after several steps up and down must be worked out anew each "
        "time, in two looks. It says 60 % of the values of 12 statements, the Feedback Transformer 65 %.",
        model="transformer",
        task="algorithmic",
        seed=1,
        updates=8000,
        checkpoints=6,
        episodes=(0, 1, 2),
        measured=({}, {"statements": 4}, {"statements": 8}, {"statements": 12}, {"statements": 16}),
        settings={"print_share": 0.5},
    ),
    "dnc-repeat-copy": ExhibitRecipe(
        title="DNC says a pattern over and over",
        says="A Differentiable Neural Computer says a pattern over and over. Here it gives nothing back: the free gate stays "
        "shut, since every vector is needed again. The read head follows the order of writing, and finds the way back to "
        "the beginning of the pattern by content. It was trained on one to five vectors, said one to five times, and "
        "counts no further: longer patterns and more repeats go wrong.",
        model="dnc",
        task="repeat-copy",
        seed=1,
        updates=15_000,
        checkpoints=8,
        episodes=(0, 4, 13),
        measured=({}, {"length": 5, "repeats": 5}, {"length": 10, "repeats": 5}, {"length": 5, "repeats": 10}),
        settings={"slots": 16, "bits": 6, "max_length": 5, "max_repeats": 5},
    ),
    "feedback-corridor": ExhibitRecipe(
        title="A Feedback Transformer carries a colour",
        says="Two layers, and a memory of the last four steps only. A colour is shown, walls pass, and it must say the colour. "
        "It does so far beyond its window, and behind more walls than it was trained with, because each step hands on what the "
        "steps before worked out; so it was from each of three seeds. Compare the same network with the memory of an ordinary "
        "Transformer.",
        model="feedback",
        task="corridor",
        seed=1,
        updates=2000,
        checkpoints=6,
        episodes=(0, 1, 3),
        measured=({"length": 7}, {"length": 8}, {"length": 16}, {"length": 24}, {"length": 40}),
        settings={"window": 4, "width": 32, "inner": 64, "learning_rate": 1e-3},
    ),
    "transformer-corridor": ExhibitRecipe(
        title="A Transformer with a window loses a colour",
        says="The same network, trained alike, but each layer looks only at its own layer of the last four steps, as in an "
        "ordinary Transformer. Two layers reach back two windows, eight steps: past seven walls it cannot know the colour, and "
        "no training would change that; three seeds agree.",
        model="feedback",
        task="corridor",
        seed=1,
        updates=2000,
        checkpoints=6,
        episodes=(0, 1, 3),
        measured=({"length": 7}, {"length": 8}, {"length": 16}, {"length": 24}, {"length": 40}),
        settings={"memory": "same", "window": 4, "width": 32, "inner": 64, "learning_rate": 1e-3},
    ),
    **ABOUT_STORIES,
    **ABOUT_PICTURES,
    **ABOUT_GARMENTS,
    **ABOUT_AGENTS,
    **ABOUT_TRAJECTORIES,
}
