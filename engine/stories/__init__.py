"""Stories with questions: their text format, and small worlds that tell them."""
