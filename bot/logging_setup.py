"""The log: our own lines in as much detail as the operator asks for, and nothing that people say from other libraries.

At its debug level Discord's library writes every message, member and token that passes through it. Each line that is
written while a question is answered carries the question's reference, which members are told when something fails.
A name that holds a line end or orders to a terminal makes no line of its own and orders nothing.
"""

import logging
import re

from knowledge.domain.visible_text import visible_json, visible_text
from knowledge.question_reference import current_reference

_OURS = ("bot", "indexer", "knowledge", "haln", "__main__")
_DISCORD = "discord"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Whoever has the token of an interaction can answer in its place for a quarter of an hour.
_TOKEN = re.compile(r"(/(?:webhooks|interactions)/)\d+/[\w.-]+")
_ENDS_LINE = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ID = re.compile(r"\b\d{15,20}\b")


def set_up_logging(level: str, form: str = "text") -> None:
    """Write to standard error from `level` ("debug", "info" ...) on; of other libraries nothing below "info".

    `form` is "text", or "json" for an object a line.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else RedactingFormatter(_FORMAT))
    handler.addFilter(is_for_the_log)
    logging.basicConfig(level=level.upper(), handlers=[handler])
    quieten_discord()


def quieten_discord() -> None:
    """Keep Discord's library from writing down what passes through it, whoever listens to its log."""
    logging.getLogger(_DISCORD).setLevel(logging.INFO)


def is_for_the_log(record: logging.LogRecord) -> bool:
    """Return whether a record is ours, or of another library and more than its inner workings."""
    return record.levelno >= logging.INFO or record.name.partition(".")[0] in _OURS


class RedactingFormatter(logging.Formatter):
    """Leaves out the tokens of interactions, and the ids of members from what Discord's library writes."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with its traceback where it has one, and the reference of the question that it is about."""
        return visible_text(redacted(super().format(record), record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line before a traceback, one line whatever it names."""
        record.message = _ENDS_LINE.sub(" ", record.message)
        line, reference = super().formatMessage(record), current_reference()
        return f"{line} [question {reference}]" if reference else line


class JsonFormatter(logging.Formatter):
    """Writes each record as a JSON object: timestamp, level, logger, event; question and exception where there are."""

    def __init__(self) -> None:
        import structlog  # most commands write no such log, and need not wait for it

        super().__init__()
        self._render = structlog.processors.JSONRenderer(ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        """Return the object, on one line."""
        told: dict[str, object] = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redacted(record.getMessage(), record),
        }
        if reference := current_reference():
            told["question"] = reference
        if record.exc_info:
            told["exception"] = redacted(self.formatException(record.exc_info), record)
        return visible_json(str(self._render(None, record.levelname.lower(), told)))


def redacted(text: str, record: logging.LogRecord) -> str:
    """Return a text of a record without tokens, and of Discord's library without members' ids."""
    text = _TOKEN.sub(r"\1...", text)
    return _ID.sub("...", text) if record.name.partition(".")[0] == _DISCORD else text
