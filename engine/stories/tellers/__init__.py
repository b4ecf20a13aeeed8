"""Who tells the stories: one file for each kind of world, and what they share in `base`."""
