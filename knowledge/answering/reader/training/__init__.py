"""The recipe that makes the reader's weights: `python -m knowledge.answering.reader.training --help`.

Nothing of the running assistant imports this: it needs torch and transformers, and the extra `dev` for the export.
"""
