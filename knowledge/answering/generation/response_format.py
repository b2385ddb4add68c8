"""The form that a server is asked to hold a model to, and reading it: sentences, each with its passages' numbers."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, Field, ValidationError

from knowledge.answering.generation.prompt import MOST_SENTENCES
from knowledge.language.sentences import split_units

# What comes before the first sentence; models like to put JSON into a block of code.
_BEGINNING = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"sentences"\s*:\s*\[', re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]*")
_MOST_CITATIONS = 3
# What models that reason aloud put before their answer.
_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
# [2]  [2, 3]  [passage 2]  【2】; characters of private use carry a mark through Markdown, where brackets mean links.
_OPEN, _CLOSE = "\ue000", "\ue001"
_CITED = re.compile(
    r"[\[【]\s*(?:passages?|sources?|number|no\.?)?\s*(\d{1,3}(?:\s*(?:,|;|and|&)\s*\d{1,3})*)\s*[\]】]", re.IGNORECASE
)
_MARK = re.compile(rf"\s*{_OPEN}([\d,]+){_CLOSE}")
_MARKS_AFTER_END = re.compile(rf"([.!?…]['\"’”)]*)((?:\s*{_OPEN}[\d,]+{_CLOSE})+)")


class FormattedSentence(BaseModel):
    """One sentence in whatever words the model has put it, and the numbers of the passages that it cites."""

    text: str
    citations: list[int] = Field(default_factory=list)


def response_format(passages: int) -> dict[str, object]:
    """Return the chat API's option of this name: JSON in which each sentence cites some of so many passages.

    A model of a billion parameters leaves citations out when it is only told to cite; where a server makes a grammar of
    the schema, it cannot. Servers differ in the keywords that they know: one that refuses the option is asked without.
    """
    sentence = {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "citations": {
                "type": "array",
                "items": {"type": "integer", "enum": list(range(1, passages + 1))},
                "minItems": 1,
                "maxItems": _MOST_CITATIONS,
            },
        },
        "required": ["text", "citations"],
        "additionalProperties": False,
    }
    answer = {
        "type": "object",
        "properties": {"sentences": {"type": "array", "items": sentence, "maxItems": MOST_SENTENCES}},
        "required": ["sentences"],
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": answer}}


def formatted_sentences(text: str) -> list[FormattedSentence] | None:
    """Return the sentences of a reply that is in this form, as far as they are whole; `None` where it is in another."""
    beginning = _BEGINNING.match(text)
    if beginning is None:
        return None
    found: list[FormattedSentence] = []
    place = _after(text, beginning.end())
    while text.startswith("{", place):
        try:
            value, place = json.JSONDecoder().raw_decode(text, place)
            found.append(FormattedSentence.model_validate(value))
        except ValidationError:
            pass
        except (ValueError, RecursionError):
            # Cut short in the middle of a sentence, or no JSON from here on.
            break
        place = _after(text, place)
    return found


def _after(text: str, place: int) -> int:
    between = _BETWEEN.match(text, place)
    return between.end() if between else place


class Draft(NamedTuple):
    """A sentence as a model wrote it, in plain text, and the numbers that it cites, in order, each once."""

    text: str
    numbers: tuple[int, ...]


def drafts(text: str, *, cut_short: bool = False) -> list[Draft]:
    """Return the sentences of a model's answer, in plain text or in the form of `response_format`.

    Markdown, links' addresses, code and thoughts are gone from them, and the last one of what was cut short.
    """
    without_thoughts = _THOUGHTS.sub(" ", text)
    formatted = formatted_sentences(without_thoughts)
    if formatted is None:
        found = _plain_drafts(without_thoughts)
        return found[:-1] if cut_short else found
    return [
        Draft(draft.text, tuple(dict.fromkeys((*sentence.citations, *draft.numbers))))
        for sentence in formatted
        for draft in _plain_drafts(sentence.text)
    ]


def _plain_drafts(text: str) -> list[Draft]:
    visible = "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else "" for c in text)
    marked = _CITED.sub(_as_mark, visible)
    return [_draft(sentence) for line in _lines(marked) for sentence in _sentences(line)]


def _as_mark(match: re.Match[str]) -> str:
    return _OPEN + ",".join(re.findall(r"\d+", match.group(1))) + _CLOSE


def _lines(text: str) -> Iterator[str]:
    """Yield the text of each paragraph and list item on one line, without its Markdown."""
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "inline":
            yield " ".join("".join(_words(token.children or [])).split())


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type in ("text", "code_inline"):
            yield token.content


def _sentences(line: str) -> Iterator[str]:
    # "It did so. [1] It went on." cites the first sentence: the mark belongs before the full stop.
    before_end = _MARKS_AFTER_END.sub(r"\2\1", line)
    yield from (unit.text for unit in split_units(before_end))


def _draft(sentence: str) -> Draft:
    numbers = [int(number) for marks in _MARK.findall(sentence) for number in marks.split(",")]
    plain = _MARK.sub("", sentence).strip(" \t-–—•*:;,")
    plain = re.sub(r"\s+([.,;:!?])", r"\1", plain)
    if plain and plain[-1] not in ".!?…\"'’”)":
        plain += "."
    return Draft(plain, tuple(dict.fromkeys(numbers)))
