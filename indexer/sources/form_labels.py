"""Labels of the form: the field that a question or heading asks for, and what answers put together say."""

import re
from collections.abc import Iterable, Sequence

from knowledge.domain.examples import MEASURE_FIELDS
from knowledge.examples.form import OPTIONAL_TAGS, read_fields
from knowledge.language.words import is_function_word, words

# The label tells the field in so many words. What identifies somebody is for them to say, and no part of an example.
_LEFT_OUT = ""
_WORK = r"(?:the |your )?(?:project|example|work|initiative|scheme)"
_NAMED = {
    "title": rf"(?:project |example |short |working )?(?:title|name)(?: of {_WORK})?",
    "organisation": r"(?:your |name of |lead )?(?:organi[sz]ation|trust|employer)(?: name)?",
    "nation": r"nation|country",
    "region": r"region|area|locality",
    "level": r"level|scale",
    "pillars": r"(?:anchor )?pillars?|pillar\(s\)|themes?",
    "happened": r"when|dates?|date\(s\)|year|period|time ?scales?|time ?frame|duration|when (?:did|was) .{1,40}",
    "indicator": r"(?:main |key )?indicator|what was measured",
    "baseline": r"baseline(?: figure| value| measure)?|what it was before",
    "measured_period": r"(?:measurement|measuring|follow[- ]?up) period|period measured|measured over",
    "outcome": r"(?:overall )?outcome|how did it go|did it work|rag(?: rating)?",
    _LEFT_OUT: r"(?:your |main |lead )?"
    r"(?:contacts?|names?|author|e-?mails?|phone|telephone|role|job title|submitted by)"
    r"(?: (?:name|details|person|address|number|for .{1,40}))*|questions?|field|section",
}
# Words in a label that say which question it is; the first that fits decides.
_NOT = r"(?:did|do|does|has|have)(?: not|n['’]?t)"
_WORKED = (
    rf"what (?:has |did |{_NOT} |not )?work(?:ed)?|{_NOT} work|(?:worked|works|work|went) (?:less )?(?:well|wrong)"
)
_ASKED = {
    "differently": r"differently|lessons?|learn\w*|next time|advice|tips?|recommend\w*|watch out|would (?:we|you|they)",
    "measured": r"measur\w*|evaluat\w*|evidence|indicators?"
    r"|how (?:(?:do|did|could|will) )?(?:we|you|they) (?:know|knew|tell)",
    "what_happened": r"happen\w*|results?|outcomes?|impacts?|achiev\w*|differences?|benefits?|findings?|changed"
    rf"|success\w*|challenges|barriers?|difficult\w*|setbacks?|obstacles?|{_WORKED}",
    "for_whom": r"for whom|who (?:is|was|it|were)|whom|why|aims?|objectives?|goals?|purpose|needs?|background|context"
    r"|rationale|problem|challenge|issue|audience|beneficiar\w*|target group",
    "what": r"what|did|do|approach|activit\w*|project|about|summary|introduction|description|intervention",
}
_OPENING = r"(?:the |our |your |its |main |key |any |project )?"
_NUMBERED = re.compile(r"^(?:q(?:uestion)? ?)?\d{1,2}[.):]? *", re.IGNORECASE)
_HINT = re.compile(r"\s*\([^()]*\)\s*$")
# A line of a text without headings is a label when it is short and ends no sentence.
_MOST_PLAIN_WORDS = 7
_FEWEST_SENTENCE_WORDS = 4
_INLINE = re.compile(r"^(?:- )?(?P<label>[^|:?]{2,60}\??)\s*(?:[:|]\s*|(?<=\?)\s+)(?P<text>\S.*)$")
# Within a line: "Sample Trust, 2024. Contact: grounds team". It is left out like a contact on its own line.
_CONTACT = re.compile(
    r"(?:(?<=[.,;|])|^) *(?:for more (?:information|details)[:,]? )?(?:main |lead |your |project )?"
    r"(?:contacts?(?: (?:details|person|name|email))?|e-?mails?|tel(?:ephone)?|phone) ?: ?[^\n]*$",
    re.IGNORECASE,
)
_ALSO_IN_LABELS = frozenset(
    {"achieved", "done", "initiative", "learned", "learnt", "made", "project", "scheme", "work"}
)
# The heading of a part of a form, which asks nothing.
_SECTION = re.compile(r"(?:section|part) (?:\d+|[a-h]|[ivx]+)\b", re.IGNORECASE)
_BOX, _TICK = re.compile(r"[☐□]|\[ \]"), re.compile(r"[☒☑✓✔✅]|\[[xX]\]")
_BOXES = re.compile(rf"({_BOX.pattern}|{_TICK.pattern})")
_TAGS = OPTIONAL_TAGS | {"outcome"}


def field_of(label: str) -> str | None:
    """Return the field that a label asks for, "" for what is left out, `None` where it asks for none."""
    named = _named(label)
    if named is not None:
        return named
    plain = _plain(label)
    return next((field for field, asked in _ASKED.items() if re.search(rf"\b(?:{asked})\b", plain)), None)


def labelled_parts(label: str | None, text: str) -> list[tuple[str | None, str]]:
    """Return a part cut where its own lines are labels: "Outcomes" on a line, "Nation: Wales", "- Year | 2023"."""
    parts: list[tuple[str | None, list[str]]] = [(label, [])]
    for line in text.split("\n"):
        said = line.strip()
        if _SECTION.match(said) and said[-1] not in ".;!" and len(said.split()) <= _MOST_PLAIN_WORDS:
            continue
        inline = _INLINE.match(said)
        if inline and _is_label(inline["label"]):
            parts.append((inline["label"], [inline["text"]]))
        elif not inline and _is_label(said):
            parts.append((said, []))
        else:
            parts[-1][1].append(_CONTACT.sub("", line))
    return [(name, "\n".join(lines).strip()) for name, lines in parts]


def fields_from(parts: Iterable[tuple[str | None, str]]) -> dict[str, object]:
    """Return what labelled parts say, by field. What answers no question counts as what was done, with its label."""
    found: dict[str, list[str]] = {}
    named: dict[str, object] = {}
    for place, (label, said) in enumerate(parts):
        field, text = "what" if label is None else field_of(label), _ticked(said)
        if field == _LEFT_OUT or (label and not text and _SECTION.match(label)):
            continue
        if not text:
            if place and label and not _is_label(label) and len(label.split()) >= _FEWEST_SENTENCE_WORDS:
                found.setdefault("what", []).append(label)  # no question, but something said
            continue
        if field in _TAGS:
            if field not in named and not read_fields({field: text}).problems:
                named[field] = text
                continue
            field = "what_happened" if field == "outcome" else None
        if field in ("title", "organisation", *MEASURE_FIELDS):
            named.setdefault(field, " ".join(text.split()))
        elif field is None:
            found.setdefault("what", []).append(f"{(label or '').rstrip(' :?')}: {text}")
        else:
            found.setdefault(field, []).append(text)
    return named | {field: "\n\n".join(texts) for field, texts in found.items()}


def _ticked(text: str) -> str:
    """Return the options that are ticked, of a text that offers several: of "☐ Worked ☒ Partly", Partly."""
    if not _BOX.search(text) or not _TICK.search(text):
        return text
    pieces = _BOXES.split(text)
    chosen = [option.strip(" \n,;") for box, option in zip(pieces[1::2], pieces[2::2], strict=True) if _TICK.match(box)]
    return "; ".join(chosen)


def opening_title(parts: Sequence[tuple[str | None, str]]) -> str | None:
    """Return the label that opens a form, has nothing below it and asks nothing: its title."""
    if not parts or parts[0][0] is None or parts[0][1] or len(parts) == 1:
        return None
    return None if _named(parts[0][0]) is not None else parts[0][0]


def _named(label: str) -> str | None:
    plain = _plain(label)
    return next((field for field, words in _NAMED.items() if re.fullmatch(words, plain)), None)


def _is_label(line: str) -> bool:
    """Return whether a line of a text is one, as written by somebody who set no headings."""
    if not line[:1].isupper() or line[-1] in ".,;!" or len(line.split()) > _MOST_PLAIN_WORDS:
        return False
    if _named(line) is not None or (line.endswith("?") and field_of(line) is not None):
        return True
    plain = _plain(line)
    for asked in _ASKED.values():
        if found := re.match(rf"{_OPENING}(?:{asked})\b", plain):
            # "Project", "What we did", "Aims and objectives", but not "Project manager found".
            return all(_is_of_labels(word) for word in words(plain[found.end() :]))
    return False


def _is_of_labels(word: str) -> bool:
    known = is_function_word(word) or word in _ALSO_IN_LABELS
    return known or any(re.fullmatch(asked, word) for asked in _ASKED.values())


def _plain(label: str) -> str:
    """Return a label without its number, the hint in brackets behind it, and the signs at its end."""
    bare = _HINT.sub("", _NUMBERED.sub("", " ".join(label.split())).rstrip(" :*"))
    return bare.strip(" :?*.–-").lower() or label.lower()
