"""The Discord face of `knowledge.matching`: profiles, matches, introductions, questions to peers, learning sets."""
