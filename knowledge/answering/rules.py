"""The rules of composing an answer by name, so that measuring can leave each out (`make bench-answers`)."""

from enum import StrEnum


class Rule(StrEnum):
    """What is done beside reading and judging. A rule stays only while the table shows that it moves something."""

    #: Two questions in one are answered one by one.
    PARTS = "parts"
    #: "What is an ICS?" is answered from the glossary.
    DEFINITIONS = "definitions"
    #: Who, where, which examples, what went wrong: several documents, a line each.
    LISTS = "lists"
    #: Documents that are what the question says (nation, kind, pillar, outcome, level) are read first.
    FILTERS = "filters"
    #: A list's introduction, its items, and the sentence that says whom "they" means.
    CONTEXT = "context"
    #: Further sentences of the passage.
    SUPPORTING = "supporting"
    #: One sentence of another passage.
    ELSEWHERE = "elsewhere"
    #: Another source's figure or date, where it differs.
    DISAGREEMENT = "disagreement"
    #: Eight passages are read first, and twelve more only where these leave doubt.
    EARLY_STOP = "early_stop"
    #: Passages are ranked by the search's score as well as the reader's.
    SEARCH_SCORE = "search_score"
