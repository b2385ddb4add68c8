"""Text to tokens: the uncased WordPiece vocabulary of BERT, which every model that comes along was trained with."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from knowledge.models.weights import Weights

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = Weights("tokenizer.json", "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448")


def load_tokenizer(
    window: int | None = None, cut: Literal["longest_first", "only_first", "only_second"] = "longest_first"
) -> "Tokenizer":
    """Return a tokenizer of the caller's own. It pads nothing, and cuts what it encodes where a window is given.

    The window counts tokens, special ones included; `cut` says which of a pair of texts is shortened.

    Raises:
        ModelError: The tokenizer's file is missing or altered.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(TOKENIZER.verified()))
    tokenizer.no_padding()
    if window is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(window, strategy=cut)
    return tokenizer


@functools.cache
def counting_tokenizer() -> "Tokenizer":
    """Return the tokenizer that cuts nothing, the same for all: it may be used from several threads, never changed."""
    return load_tokenizer()


def count_tokens(text: str) -> int:
    """Return how many tokens a text has, special tokens not included."""
    return len(counting_tokenizer().encode(text, add_special_tokens=False).ids)


def window_ids(text: str, window: int) -> list[int]:
    """Return a text's token ids with [CLS] and [SEP], at most `window` of them: the text's end is cut."""
    ids: list[int] = counting_tokenizer().encode(text).ids
    return ids if len(ids) <= window else [*ids[: window - 1], ids[-1]]


def window_ids_of(texts: Sequence[str], window: int) -> list[list[int]]:
    """Return what `window_ids` does for each text, in order, on all processors."""
    return [encoding.ids for encoding in _cutting_tokenizer(window).encode_batch_fast(list(texts))]


@functools.cache
def _cutting_tokenizer(window: int) -> "Tokenizer":
    return load_tokenizer(window)
