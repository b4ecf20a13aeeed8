"""The verbs of the command line that need no window, one file each."""
