"""Numbers of things as a person writes them."""


def counted(number: int, thing: str) -> str:
    """The number with the thing in the singular or plural: "1 document", "2 documents"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
