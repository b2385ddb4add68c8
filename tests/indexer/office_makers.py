"""Makes Office and OpenDocument files from their own XML, for what libraries that write them cannot make."""

import io
import zipfile

import docx

from tests.indexer.makers import with_part

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def paragraph(text, properties="", run=""):
    """A Word paragraph of one run."""
    return f'<w:p>{properties}<w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def heading(text, level=1):
    """A Word heading."""
    return paragraph(text, f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>')


def word_xml(body, **parts):
    """A Word file with this body; `parts` are notes, comments, headers by the name of their kind (`footnotes`)."""
    document = docx.Document()
    buffer = io.BytesIO()
    document.save(buffer)
    xml = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".encode()
    content = with_part(buffer.getvalue(), "word/document.xml", xml)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rels = archive.read("word/_rels/document.xml.rels").decode()
        types = archive.read("[Content_Types].xml").decode()
    for number, (kind, inner) in enumerate(parts.items()):
        root = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
        content = with_part(content, f"word/{kind}.xml", f"<w:{root} {NAMES}>{inner}</w:{root}>".encode())
        rels = rels.replace(
            "</Relationships>",
            f'<Relationship Id="x{number}" Type="{RELATED}{kind}" Target="{kind}.xml"/></Relationships>',
        )
        types = types.replace(
            "</Types>", f'<Override PartName="/word/{kind}.xml" ContentType="{WORD_TYPE}{kind}+xml"/></Types>'
        )
    content = with_part(content, "word/_rels/document.xml.rels", rels.encode())
    return with_part(content, "[Content_Types].xml", types.encode())


ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "presentation": "presentation",
        "meta": "meta",
    }.items()
)


def opendocument(kind, body, styles="", title="", manifest=""):
    """An OpenDocument file of a kind ("text", "spreadsheet", "presentation") with this body and automatic styles."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        )
        archive.writestr(
            "meta.xml",
            f'<office:document-meta {ODF} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
            f"<dc:title>{title}</dc:title><dc:creator>Sam Sample</dc:creator></office:meta></office:document-meta>",
        )
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return buffer.getvalue()
