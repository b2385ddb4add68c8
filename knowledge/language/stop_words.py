"""Words that say how a sentence is built and nothing about its subject, in the forms that people type."""

_STOP_WORDS_TEXT = """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each else
    ever few for from further get gets got had hadn't has hasn't have haven't having he her here hers herself him
    himself his how i i'd i'll i'm i've if in into is isn't it it's its itself just let's me more most my myself no
    nor not now of off on once only or other our ours ourselves out over own please same she should shouldn't so some
    such than that that's the their theirs them themselves then there there's these they they're this those through
    to too under until up us very was wasn't we we're were weren't what what's whats when where where's which while
    who who's whose whom why will with won't would wouldn't you you're your yours yourself yourselves s t d ll re ve m
"""
STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())
# Stop words that stand inside names: "Mid and South Essex", "Women in Work".
NAME_JOINERS = frozenset({"and", "of", "the", "for", "in", "on", "to", "with", "&"})
