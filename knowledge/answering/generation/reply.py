"""The stream of an OpenAI-compatible server, read piece by piece. What is not of that form is an error."""

from dataclasses import dataclass

from pydantic import BaseModel, Field, ValidationError

from knowledge.errors import LanguageModelError

# An answer is a hundred words. Beyond this a model does not come to an end, and every further piece costs.
MOST_CHARACTERS = 8_000
_END = "[DONE]"
_FINISHED, _LENGTH = "stop", "length"


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    index: int = 0
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Usage(BaseModel):
    total_tokens: int | None = Field(None, ge=0, le=1_000_000_000)


class _Piece(BaseModel):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: object = None


@dataclass
class Reply:
    """A reply as far as it has come.

    `begun` says that the server may have begun to work on it, so that it may cost; `tokens` is what the server says
    that it cost. `whole` says that the model came to its end, `full` that it was stopped for its length.
    """

    text: str = ""
    begun: bool = False
    tokens: int | None = None
    whole: bool = False
    full: bool = False

    @property
    def ended(self) -> bool:
        """Return whether all of the text is there."""
        return self.whole or self.full

    def add(self, data: str) -> bool:
        """Take the data of one event; whether more may follow.

        Raises:
            LanguageModelError: It is no piece of a completion, or the server reports an error.
        """
        if data == _END:
            return False
        try:
            piece = _Piece.model_validate_json(data)
        except ValidationError:
            # Without the cause: its message quotes what the server sent.
            raise LanguageModelError("it sent something that is no piece of an answer") from None
        if piece.error is not None:
            raise LanguageModelError("it reported an error in the middle of its answer")
        if piece.usage is not None and piece.usage.total_tokens is not None:
            self.tokens = piece.usage.total_tokens
        for choice in piece.choices:
            if choice.index == 0:
                self._take(choice)
        return len(self.text) <= MOST_CHARACTERS

    def close(self) -> None:
        """Judge the reply when nothing more comes.

        Raises:
            LanguageModelError: It broke off, or it is empty.
        """
        self.full = self.full or len(self.text) > MOST_CHARACTERS
        if not self.ended:
            raise LanguageModelError("its answer broke off")
        if not self.text.strip():
            raise LanguageModelError("its answer was empty")

    def _take(self, choice: _Choice) -> None:
        self.text += choice.delta.content or ""
        if choice.finish_reason is None:
            return
        self.whole = choice.finish_reason == _FINISHED
        self.full = choice.finish_reason == _LENGTH
        if not self.ended:
            raise LanguageModelError("it stopped for a reason of its own")
