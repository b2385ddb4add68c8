"""The log: our own lines in as much detail as the operator asks for, and nothing that people say from other libraries.

At its debug level Discord's library writes every message, member and token that passes through it.
"""

import logging
import re

_OURS = ("bot", "indexer", "knowledge", "haln", "__main__")
_DISCORD = "discord"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Whoever has the token of an interaction can answer in its place for a quarter of an hour.
_TOKEN = re.compile(r"(/(?:webhooks|interactions)/)\d+/[\w.-]+")
_ID = re.compile(r"\b\d{15,20}\b")


def set_up_logging(level: str) -> None:
    """Write to standard error from `level` ("debug", "info" ...) on; of other libraries nothing below "info"."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(_FORMAT))
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
        """Return the line, with its traceback where it has one."""
        text = _TOKEN.sub(r"\1...", super().format(record))
        return _ID.sub("...", text) if record.name.partition(".")[0] == _DISCORD else text
