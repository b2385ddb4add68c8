"""Fitted numbers: what depends on a model stands here, with what it was fitted on, and nowhere else."""
