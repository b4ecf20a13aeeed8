"""The ideas of the tutorial, each measured on the spot by its own file."""
