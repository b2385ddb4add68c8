"""Makes the writer that the settings ask for, if they do. What it needs is imported only then."""

import time
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING

from knowledge.answering.reader.scores import Reader
from knowledge.dates import utc_now
from knowledge.errors import SettingsError
from knowledge.retrieval.embedder import Embedder
from knowledge.settings import Settings
from knowledge.storage.question_protocols import SpendingStore

if TYPE_CHECKING:
    from knowledge.answering.generation.writer import Writer

# The modules that the extra `llm` brings.
NEEDED = ("httpx2",)


def _today() -> date:
    return utc_now().date()


def open_writer(
    settings: Settings,
    reader: Reader,
    embedder: Embedder,
    spending: SpendingStore,
    clock: Callable[[], float] = time.monotonic,
    today: Callable[[], date] = _today,
) -> "Writer | None":
    """Return the writer for the language model of the settings; `None` where none is set.

    Raises:
        SettingsError: One is set, but what it needs is not installed.
    """
    if settings.llm_base_url is None or settings.llm_model is None:
        return None
    if any(find_spec(name) is None for name in NEEDED):
        raise SettingsError(
            "HALN_LLM_BASE_URL needs the extra llm, which is not installed. Run "
            "`.venv/bin/python -m pip install -e '.[llm]'`, or unset HALN_LLM_BASE_URL and HALN_LLM_MODEL."
        )
    from knowledge.answering.generation.checks import SentenceChecker
    from knowledge.answering.generation.client import ChatClient
    from knowledge.answering.generation.limits import Breaker, Budget
    from knowledge.answering.generation.writer import Writer

    client = ChatClient(settings.llm_base_url, settings.llm_model, settings.llm_api_key, settings.llm_seconds)
    budget = Budget(spending, settings.llm_daily_tokens, today)
    return Writer(settings.llm_model, client, SentenceChecker(reader, embedder), budget, Breaker(clock))
