# HALN Assistant in a container: slim, an ordinary user, CPU-only torch, everything kept in the volume /data.
FROM python:3.11-slim

# Where a CPU build of torch is found. The wheels on PyPI for Linux bring several gigabytes of CUDA with them.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HALN_DATA_DIR=/data \
    HALN_HEALTH_PORT=9464

RUN useradd --create-home --uid 10001 haln && mkdir /data && chown haln /data
WORKDIR /app

# The big dependency first: a change of our code does not download it again.
COPY constraints.txt ./
RUN python -m pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -c constraints.txt torch

COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY knowledge ./knowledge
COPY indexer ./indexer
RUN python -m pip install -c constraints.txt ".[llm]"

USER haln
VOLUME /data
# Healthy: the bot is connected, its database answers, and nothing hangs. Loads no model.
HEALTHCHECK --interval=60s --timeout=20s --start-period=180s CMD ["haln", "health"]
CMD ["haln", "run"]
