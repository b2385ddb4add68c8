"""From evidence to an answer: choose sentences, decide whether they support an answer, cite them."""
