"""Markdown with YAML front matter to a title, metadata and blocks."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.parsing.blocks import Block, BlockKind
from indexer.parsing.parsed import Parsed
from indexer.parsing.text import decode
from indexer.parsing.yaml_text import load_yaml, plain
from knowledge.errors import SourceError


def parse(content: bytes, known_title: str | None) -> Parsed:
    """Markdown with its front matter; a first heading that is the title is not repeated in the text.

    Raises:
        SourceError: It is not text, or its front matter is not YAML.
    """
    front_matter, body = split_front_matter(decode(content))
    blocks = markdown_blocks(body)
    stated = known_title or front_matter.get("title")
    title = str(stated) if stated else None
    if blocks and blocks[0].kind is BlockKind.HEADING and blocks[0].level == 1:
        title, blocks = title or blocks[0].text, blocks[1:]
    return Parsed(title, front_matter, blocks)


def split_front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """The front matter as a mapping and the text below it; a text without front matter as it is.

    Raises:
        SourceError: What looks like front matter is not YAML.
    """
    try:
        post = frontmatter.loads(text, handler=_handler(text))
    except SourceError as error:
        raise SourceError(f"its front matter cannot be used: {error}") from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        problem = str(error).split("\n", maxsplit=1)[0][:200]
        raise SourceError(
            f"its front matter is not valid YAML ({problem}); mend what stands between the --- lines"
        ) from None
    if not post.metadata:
        return {}, text  # a text may also begin with a ruled line
    return post.metadata, post.content


class _YAML(YAMLHandler):
    """Front matter in YAML, looked at before anything is made of it."""

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        return cast(dict[str, Any], load_yaml(fm))


class _JSON(JSONHandler):
    """The same in JSON."""

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        return cast(dict[str, Any], plain(super().load(fm)))


def _handler(text: str) -> BaseHandler | None:
    # As the library will look at it: without this, a blank line above would lead past ours to its own.
    return frontmatter.detect_format(text.strip(), [_YAML(), _JSON()])


def markdown_blocks(text: str) -> list[Block]:
    """Headings, paragraphs and list items in order. Tables give one item a row; code is kept as a paragraph."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return list(_blocks(tokens))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    depth, fresh_item, heading_level = 0, False, 0
    row: list[str] | None = None
    for token in tokens:
        if token.type == "heading_open":
            heading_level = int(token.tag[1:])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            fresh_item = True
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield Block(BlockKind.ITEM, " | ".join(cell for cell in row if cell))
            row = None
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield Block(BlockKind.PARAGRAPH, " ".join(token.content.split()))
        elif token.type == "inline":
            text = _plain(token)
            if row is not None:
                row.append(text)
            elif not text:
                continue
            elif heading_level:
                yield Block(BlockKind.HEADING, text, heading_level)
            else:
                yield Block(BlockKind.ITEM if depth and fresh_item else BlockKind.PARAGRAPH, text)
            heading_level, fresh_item = 0, False


def _plain(token: Token) -> str:
    """The words of an inline token without marks of emphasis, links or pictures."""
    parts = (
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or []
        if child.type not in ("html_inline", "image")
    )
    return " ".join("".join(parts).split())
