"""Questions that ask for people rather than for what the library says: "who can I talk to about toy libraries?"."""

import re

_SOMEBODY = r"(?:anyone|anybody|someone|somebody)"
_MEMBERS = (
    r"(?:people|members?|peers?|colleagues?|others|trusts?|councils?|hospitals?"
    r"|organisations?|teams?|places?|charities)"
)
_ASKS = re.compile(
    r"\bwho (?:else )?(?:(?:can|could|should|might|would|do) )(?:i|we) (?:best )?"
    r"(?:talk|speak|chat|turn|write|reach out|contact|connect|learn from|get in touch)\b"
    rf"|\b(?:is|are) (?:there )?(?:{_SOMEBODY}|any {_MEMBERS}|any other {_MEMBERS}|other {_MEMBERS})"
    r"(?: else)?(?: (?:here|out there|in the network))?(?: who(?:['’]s| is| are)?)?"
    r" (?:also )?(?:doing|working|looking|trying|planning|running|thinking|interested|struggling)\b"
    rf"|\bdoes {_SOMEBODY}(?: else)? (?:here )?(?:do|work|run|have experience|know somebody|know someone)\b"
    rf"|\bwho else (?:is|['’]s) (?:doing|working|trying|planning|running)\b"
    r"|\b(?:put|get) (?:me|us) in (?:touch|contact)\b|\bintroduce (?:me|us)\b|\bconnect (?:me|us) (?:with|to)\b"
    rf"|\b(?:find|know|meet|speak to|talk to|looking for|learn from) (?:me |us )?(?:a |an |other |some )?"
    rf"(?:{_SOMEBODY}|peers?|buddy|mentor|{_MEMBERS})"
    r" (?:else )?(?:who|doing|working|to talk|to speak|with experience)\b",
    re.IGNORECASE,
)


def asks_for_people(question: str) -> bool:
    """Whether a question asks for people to talk to: a face then says how to find them."""
    return _ASKS.search(" ".join(question.split())) is not None
