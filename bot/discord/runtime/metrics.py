"""Figures of a running bot in Prometheus' form. None of them says anything about a person."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from knowledge.domain.library import Answer

_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one bot, in a registry of their own."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._registry = registry
        self._questions = Counter("haln_questions", "Questions by what came of them", ["outcome"], registry=registry)
        self._seconds = Histogram(
            "haln_question_seconds", "How long a question took", buckets=_SECONDS, registry=registry
        )
        self._errors = Counter("haln_log_lines", "Lines in the log by level", ["level"], registry=registry)
        self.connected = Gauge("haln_discord_connected", "1 while Discord is connected", registry=registry)
        self.documents = Gauge("haln_documents", "Documents in the library", registry=registry)
        self.database_bytes = Gauge("haln_database_bytes", "Size of the database", registry=registry)
        self.outbox_waiting = Gauge("haln_outbox_waiting", "Messages that wait to be sent", registry=registry)
        self.last_backup = Gauge(
            "haln_last_backup_timestamp_seconds", "When the last scheduled backup was made; 0: never", registry=registry
        )
        self.longest_running = Gauge(
            "haln_longest_running_seconds", "Age of the oldest piece of work under way", registry=registry
        )
        self.handler = _LineCounter(self._errors)

    @contextmanager
    def question(self) -> Iterator[list[Answer]]:
        """Time a question; the body puts its answer into the list. An error counts as failed."""
        started, answers = time.perf_counter(), list[Answer]()
        outcome = "failed"
        try:
            yield answers
            if answers:
                outcome = "answered" if answers[0].answered else "refused"
        finally:
            self._questions.labels(outcome).inc()
            self._seconds.observe(time.perf_counter() - started)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _LineCounter(logging.Handler):
    """Counts warnings and errors; it keeps nothing of what they say."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(logging.WARNING)
        self._counter = counter

    def emit(self, record: logging.LogRecord) -> None:
        self._counter.labels(record.levelname.lower()).inc()
