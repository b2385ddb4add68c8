"""Search beside what people would use instead: the same chunks, weights and queries, query by query in turn.

`python -m tests.benchmarks.peers` drives a process for each system. The peers' packages have an environment of their
own (`requirements.txt` beside this file), made by the command: none of them is a dependency of the assistant.
"""
