"""Print how many words are kept, by kind of file, as docs/documents.md has it: `python -m tests.words_kept FOLDER`.

Without a folder it reads the small files that the tests make, one of each kind.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.parsing.files import SUPPORTED_SUFFIXES, parse_file
from tests.indexer.parsing.test_coverage import FILES


def files_below(folders: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Return each file that can be read, by name and bytes; catalogues describe others."""
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*")):
        if path.suffix.lower() in SUPPORTED_SUFFIXES and path.is_file() and path.name != "catalogue.csv":
            yield path.name, path.read_bytes()


def table(files: Iterable[tuple[str, bytes]]) -> str:
    """Return a Markdown table: files, words read, kept, left out for a reason, and unexplained, by kind."""
    sums: dict[str, list[int]] = {}
    for name, content in files:
        coverage = parse_file(name, content).coverage
        if coverage is not None:
            left_out = sum(part.words for part in coverage.left_out)
            counts = (1, coverage.words_read, coverage.words_kept, left_out, coverage.unexplained)
            before = sums.get(suffix := Path(name).suffix.lower(), [0] * len(counts))
            sums[suffix] = [old + new for old, new in zip(before, counts, strict=True)]
    rows = [
        f"| `{suffix}` | {' | '.join(f'{count:,}' for count in counts)} |" for suffix, counts in sorted(sums.items())
    ]
    return "\n".join(
        [
            "| kind | files | words read | kept | left out, with a reason | unexplained |",
            "|---|---|---|---|---|---|",
            *rows,
        ]
    )


if __name__ == "__main__":
    print(table(files_below(sys.argv[1:]) if len(sys.argv) > 1 else FILES.items()))
