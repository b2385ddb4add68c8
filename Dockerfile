# HALN Assistant in a container: slim, an ordinary user, CPU-only torch, everything kept in the volume /data.
# By digest it is the same image each time: --build-arg BASE=python:3.11-slim@sha256:... (`docker buildx imagetools
# inspect python:3.11-slim` says which).
ARG BASE=python:3.11-slim
FROM ${BASE}

# Where a CPU build of torch is found. The wheels on PyPI for Linux bring several gigabytes of CUDA with them.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HALN_DATA_DIR=/data \
    HALN_HEALTH_PORT=9464

RUN useradd --create-home --uid 10001 haln && mkdir /data && chown haln /data
WORKDIR /app

# The big dependency first: a change of our code does not download it again. From its own index alone, or from PyPI alone:
# of two indexes pip would take whichever has the higher version. What torch needs is in the lock.
# Without an index (--build-arg TORCH_INDEX=) it is PyPI's build with CUDA, by version alone.
COPY constraints.txt requirements.lock torch.lock ./
RUN if [ -n "$TORCH_INDEX" ]; then \
      python -m pip install --no-deps --require-hashes --index-url "$TORCH_INDEX" -r torch.lock; \
    else python -m pip install -c constraints.txt "$(grep '^torch==' constraints.txt)"; fi
# Exactly these files, by their hashes, and nothing that they ask for besides.
RUN python -m pip install --no-deps --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY knowledge ./knowledge
COPY indexer ./indexer
RUN python -m pip install --no-deps --no-build-isolation .

USER 10001
VOLUME /data
# Healthy: the bot is connected, its database answers, and nothing hangs. Loads no model.
HEALTHCHECK --interval=60s --timeout=20s --start-period=180s CMD ["haln", "health"]
CMD ["haln", "run"]
