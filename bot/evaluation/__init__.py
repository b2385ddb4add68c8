"""How good retrieval and answers are, measured on collections and question sets with known answers."""
