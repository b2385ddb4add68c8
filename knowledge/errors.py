"""The errors the library raises: one base, with what to do about it in the message.

Permanent and transient failures are different types, so that callers decide on retries by type and never by text.
"""


class HalnError(Exception):
    """An error that a person can act on. The message is one line: what is wrong, then what to do."""


class TransientError(HalnError):
    """A failure that may pass when tried again (a busy database, a full disk)."""


class PermanentError(HalnError):
    """A failure that stays, however often it is tried, until somebody acts."""


class SettingsError(PermanentError):
    """A setting is unknown, missing or out of bounds."""


class QuestionError(PermanentError):
    """A question or query that cannot be searched (empty, too long)."""


class StorageError(PermanentError):
    """The data directory or the database cannot be used as it is."""


class StorageBusyError(TransientError):
    """Another process holds the database, or the disk is full; nothing was written."""


class LibraryMismatchError(PermanentError):
    """The library was embedded in another way than the settings ask for. `haln index rebuild` repairs it."""


class ModelError(PermanentError):
    """A model is missing, damaged, of the wrong kind or not allowed to be downloaded."""


class SourceError(PermanentError):
    """A source cannot be read: it does not exist, is not text, or is of a kind that is not supported."""


class SourceGoneError(SourceError):
    """A source that its server says is gone for good. Its documents are removed."""


class SourceNotFoundError(SourceError):
    """An address that its server does not find. That may be a mistake of the moment: its documents stay."""


class SourceBusyError(TransientError):
    """A source that may be read later. `wait`: how many seconds its server asks to be left alone, 0 if it does not."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class LanguageModelError(TransientError):
    """The language model's server is down, slow, busy or sends nonsense; the answer made of quotes stands.

    `retry_after` is how many seconds the server asks to be left alone, where it says so.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LanguageModelRefusedError(PermanentError):
    """The language model's server refuses: the key, the address or the model's name is wrong."""


class ExampleError(PermanentError):
    """A shared example that cannot be taken as it is, or that does not exist."""


class ExampleNotFoundError(ExampleError):
    """No example has that id, or none has it any longer."""


class ExampleNotAllowedError(ExampleError):
    """An actor asked for what is for others to do."""


class ExampleConflictError(ExampleError):
    """The request is no longer possible: somebody else was quicker. The message says what happened."""


class ExampleConfirmationError(ExampleError):
    """Content to be published identifies a person, and nobody has confirmed just that.

    `labels` say what it is, each once: "NHS number".
    """

    def __init__(self, message: str, labels: tuple[str, ...]) -> None:
        super().__init__(message)
        self.labels = labels


class MemberError(PermanentError):
    """A member cannot do this: there is no such profile, or what was asked for is not open to them."""
