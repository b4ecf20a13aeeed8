"""What the window shows, as plain Python: no Qt, no threads, no files. Views mirror it; wishes and events change it."""
