"""Tells a noun that points back ("the scheme", "those schemes") from a thing of its own ("the pilot garden")."""

import re
from itertools import takewhile

from knowledge.language.words import is_function_word, words

AUXILIARY = (
    r"(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|might|didn['’]t|doesn['’]t|don['’]t"
    r"|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|hasn['’]t|haven['’]t)"
)
NOT_BACK = re.compile(r"(?:this|these|that|those)\s+(?:year|week|month|bot|library|network|channel|group|server|who)\b")
# Nouns that point back when "that" or "the" is before them.
_THING = (
    r"(?:scheme|project|programme|program|work|trust|hospital|council|organisation|approach|model|initiative|report|study"
    r"|case|example|place|area|policy|pilot|evaluation|plan|idea|figures?|numbers?|event|document|article|source|people"
    r"|team|partners?|course|training|survey|hub|site|trusts|hospitals|schemes|projects|programmes|money|funding)"
)
# Words before such a noun that do not make it a thing of its own: "the whole scheme", but "the gardening scheme".
_QUALIFYING_TEXT = """
    whole entire full new original current present actual final local wider two three four five six second third latest
"""
_QUALIFYING = frozenset(_QUALIFYING_TEXT.split())
_ANY_THING = re.compile(
    rf"\b(?P<pointer>the|that|this|these|those)\s+(?:(?!{_THING}\b)(?P<before>\w+)\s+)?(?P<things>{_THING}(?:\s+{_THING})*)\b"
)
# After these words "that" begins a clause and does not point: "evidence that work improves health".
_CLAUSE_BEFORE = re.compile(
    r"\b(?:there|evidence|proof|true|sure|certain|mean|means|say|says|said|show|shows|shown|think|know|find|found|prove"
    r"|proves|suggest|suggests|claim|claims|believe)\s+$"
)
_ASKED_BEFORE = re.compile(rf"\b{AUXILIARY}\s+$")
_WHICH_IS = re.compile(r"\b(?:who|what|where|which|whose)\s+(?:is|are|was|were)\s+$")
# What schemes and organisations do, in words that are seldom the second noun of a name.
_DOING_TEXT = """
    reduce improve recruit hire train employ buy build create increase raise engage reach deliver offer provide give
    use include require focus keep open bring need want choose manage make transfer become prevent encourage attract
"""
_DOING = frozenset(_DOING_TEXT.split())
_PHRASE_AFTER = re.compile(r"\s+(?:of|for|in|at|on|to|with|that|from|by)\s+\w")
_AFTER = re.compile(r"\s+(?P<next>\w+)(?P<rest>.*)")
_VERB_AGAIN = re.compile(rf"\s+{AUXILIARY}\b")
# Words that say what is asked of a topic and never which topic: alone they hang on what was said before.
_GENERAL_TEXT = """
    cost costs price budget money funding funded fund funds paid pay pays paying spend spent afford measure measured
    measures measurement measuring evaluate evaluated evaluation impact impacts result results outcome outcomes effect
    effects difference benefit benefits success successful successes succeed work worked works working fail failed fails
    failure failures go goes went gone wrong right well badly challenge challenges barrier barriers obstacle obstacles
    problem problems issue issues risk risks hard hardest difficult difficulty difficulties easy lesson lessons learn
    learned learnt learning advice recommend recommendation recommendations tip tips change changed changes differently
    happen happened happens start started begin began end ended finish long last lasted lead led leads leader leaders
    run runs ran partner partners involve involved part took people staff many much year years timescale timescales
    timeline time next step steps evidence source sources date dates dated old recent figure figures number numbers
    detail details example examples main key biggest first exactly actually achieve achieved help helped save saved find
    found finding findings say said mean means total overall good bad downside downsides upside upsides drawback
    drawbacks pros cons limit limits limitation limitations methods method target targets aim aims goal goals conclusion
    conclusions else other others one ones thing things different come came get say says still now long-term later
"""
_GENERAL = frozenset(_GENERAL_TEXT.split())


def own_topic(text: str) -> list[str]:
    """Return the words of a question that name what it is about."""
    return [word for word in words(text) if not is_function_word(word) and word not in _GENERAL]


def points_back(text: str) -> bool:
    """Return whether a question in lower case has a noun that points back, and hardly anything else of its own."""
    return any(_points(text, match) for match in _ANY_THING.finditer(text))


def _points(text: str, thing: re.Match[str]) -> bool:
    if NOT_BACK.match(text, thing.start()) or _PHRASE_AFTER.match(text, thing.end()):
        return False
    before, pointer, qualifier = text[: thing.start()], thing["pointer"], thing["before"]
    if pointer == "that" and _CLAUSE_BEFORE.search(before):
        return False
    if pointer == "the" and qualifier and qualifier not in _QUALIFYING and own_topic(qualifier):
        return False
    if _names_a_thing(before, text[thing.end() :]):
        return False
    return len([word for word in own_topic(text) if word not in words(thing.group())]) <= 2


def _names_a_thing(before: str, after: str) -> bool:
    """Return whether the words after a noun go on its name: "the pilot garden", not "(did) the scheme reduce"."""
    following = _AFTER.match(after)
    if not following:
        return False
    rest = following["rest"].strip(" ?!.,")
    asked = _ASKED_BEFORE.search(before)
    if not asked:
        # "The money advice service", "the survey results on sickness absence".
        named = list(takewhile(lambda word: not is_function_word(word), words(after)))
        joined = words(after)[len(named) :]
        placed = bool(named) and bool(joined) and joined[0] in {"on", "of", "about", "for"}
        return bool(own_topic(" ".join(named)) or (placed and own_topic(" ".join(joined))))
    first = following["next"]
    if not own_topic(first) or first in _DOING:
        return False
    if not rest:
        # "Was the scheme cancelled?", "what did the council promise?": the verb. "Where is the pilot kitchen?": a noun.
        return bool(_WHICH_IS.search(before)) and not first.endswith(("ed", "ing"))
    # "What did the council promise to residents?": the verb. "What did the pilot garden cost?": that comes later.
    return _VERB_AGAIN.match(f" {rest}") is not None or not is_function_word(words(rest)[0])
