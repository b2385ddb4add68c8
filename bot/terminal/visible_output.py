"""Standard output and error that show text and obey nothing in it: no colours, links or moved cursor of others.

What a file, a server or a member calls itself is printed as it is by most commands; here is the one place where it
becomes something that can be seen. Rich's own colours do not go through the streams but through its `Console`.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from knowledge.domain.visible_text import visible_text

if TYPE_CHECKING:
    from rich.console import Console

# Of the lines of a CSV file.
_LINE_END = re.compile(r"(\r\n)")


class VisibleStream:
    """A text stream that writes what can be seen; everything else is the stream's that it stands before."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text, and return how many characters were asked to be written."""
        pieces = _LINE_END.split(text)
        self.stream.write("".join(piece if place % 2 else visible_text(piece) for place, piece in enumerate(pieces)))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a stream has
        return getattr(self.stream, name)


@contextmanager
def visible_output() -> Iterator[None]:
    """Let everything that is printed meanwhile be visible."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, VisibleStream(_behind(stream))) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def console(*, stderr: bool = False) -> "Console":
    """Return a console for coloured output: its own orders reach the terminal, and none that a text holds."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class VisibleConsole(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for segment in super().render(renderable, options):
                yield segment if segment.control else segment._replace(text=visible_text(segment.text))

    stream = _behind(sys.stderr if stderr else sys.stdout)
    return VisibleConsole(file=cast(IO[str], stream), markup=False, emoji=False)


def _behind(stream: TextIO) -> TextIO:
    return stream.stream if isinstance(stream, VisibleStream) else stream
