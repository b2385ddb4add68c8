"""How models of any kind are run: their files found and checked, their tokens counted, their threads shared."""
