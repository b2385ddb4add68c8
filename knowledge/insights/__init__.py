"""Insights into what the network asks for, what the library cannot answer and what came of it, naming nobody."""
