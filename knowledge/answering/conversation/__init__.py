"""Follow-ups: which questions hang on the ones before them, and what they ask when they stand alone."""
