"""Stories with questions: their text format, and a small world that tells them."""
