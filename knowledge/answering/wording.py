"""The sentences that an answer is made of besides its quotes: British English, plain words."""

from collections.abc import Sequence

from knowledge.answering.evidence import Refusal
from knowledge.types import NearDocument, Sentence

GREETING = (
    "Hello! Ask me anything about anchor work: how to get started, what others have done, what worked and what did "
    "not. I answer from the network's library and show where each sentence comes from."
)
THANKS = "You're welcome. Ask again whenever you like."
FAREWELL = "Goodbye, and good luck with your anchor work."
ABILITIES = (
    "I answer questions about anchor work (jobs, spending, land and buildings, environment, partnership) from the "
    "Health Anchors Learning Network's library of case studies, lessons and reports.\n\n"
    "Every sentence I quote shows its source. When the library does not hold an answer, I say so and point you to "
    "what comes nearest. I make nothing up and I have no opinions.\n\n"
    'Try: "How do we get started?" or "Who has worked with housing associations?"'
)

NOTHING_ON = "The network's calendar shows nothing that is still to come."
NOTHING_ON_THEN = "The network's calendar shows nothing for that time."


DATES_DISAGREE = "These sources do not agree on the date."


def answer_text(sentences: Sequence[Sentence], note: str | None = None) -> str:
    """Plain Markdown: each sentence with the numbers of its citations, then what the answer leaves open."""
    paragraphs = [f"{s.text} {''.join(f'[{n}]' for n in s.citations)}".rstrip() for s in sentences]
    return "\n\n".join([*paragraphs, *([note] if note else [])])


def unanswered_parts(parts: Sequence[str]) -> str | None:
    """What to say of the parts of a question that the library does not support; `None` where there are none."""
    if not parts:
        return None
    return " ".join(f"The library does not say: “{part.rstrip('?')}?”" for part in parts)


def written_note(model: str) -> str:
    """What stands below an answer in a language model's words."""
    return f"Written by a language model ({model}). Each sentence was checked against the passage it cites."


def refusal_reason(refusal: Refusal, missing: tuple[str, ...], about: str | None) -> str:
    """Why the library does not support an answer, in a sentence. `about` is whom the nearest evidence is about."""
    if refusal is Refusal.NAME_MISSING and missing:
        if about:
            return f"The library gives this for {about}, not for {_listed(missing)}."
        return f"Nothing in the library both fits this and mentions {_listed(missing)}."
    if refusal is Refusal.KIND_MISSING:
        return "The library touches on this, but does not give the figure, date or name you ask for."
    return "Nothing in the library is close enough to this question."


def refusal_text(reason: str, sought: str, nearest: Sequence[NearDocument]) -> str:
    """What a member reads when there is no answer, in two lines: what was looked for and why not; what is nearest."""
    text = f"The library does not say. {reason}"
    if sought:
        text += f" Looked for: {sought}."
    if nearest:
        text += "\n\nNearest in the library: " + "; ".join(_near(near) for near in nearest) + "."
    return text


def _near(near: NearDocument) -> str:
    return f"{near.title} (“{near.quote}”)" if near.quote else near.title


def _listed(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def withdrawn_reason() -> str:
    """Why an answer that was given once is not shown again."""
    return "What it was quoted from is no longer in the library. Ask again to see what the library says now."
