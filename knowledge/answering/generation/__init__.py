"""Answers in a language model's words, when the operator has one: written from passages, each sentence checked."""
