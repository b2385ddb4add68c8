"""The sentences that an answer is made of besides its quotes: British English, plain words."""

from knowledge.answering.evidence import Refusal

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


def refusal_reason(refusal: Refusal, missing: tuple[str, ...], instead: str | None) -> str:
    """One or two sentences: why the library does not support an answer. `instead` names the nearest passage."""
    if refusal is Refusal.NAME_MISSING and missing:
        nearest = f" The nearest passage is in “{instead}”." if instead else ""
        return f"Nothing in it that fits mentions {_listed(missing)}.{nearest}"
    if refusal is Refusal.KIND_MISSING:
        return "The library touches on this, but does not give the figure, date or name you ask for."
    return "Nothing in the library is close enough to this question."


def refusal_text(reason: str, nearest_titles: list[str]) -> str:
    """What a member reads when there is no answer: the reason, then where to look."""
    text = f"The library does not say. {reason}"
    if nearest_titles:
        text += "\n\nNearest in the library: " + "; ".join(nearest_titles) + "."
    return text


def _listed(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
