"""The form that a server is asked to hold a model to, and reading it: sentences, each with the numbers it cites."""

import json
import re

from pydantic import BaseModel, Field, ValidationError

from knowledge.answering.generation.prompt import MOST_SENTENCES

# What comes before the first sentence; models like to put JSON into a block of code.
_BEGINNING = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"sentences"\s*:\s*\[', re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]*")
_MOST_CITATIONS = 3


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
