"""Office files are ZIP archives of XML. Looks into one before a parser unpacks it: bombs and entities are refused."""

import io
import zipfile

from indexer.parsing.xml import refuse_entities
from knowledge.errors import SourceError

# An honest report of a thousand pages unpacks to a tenth of this.
MOST_UNPACKED_BYTES = 300_000_000
# XML seldom packs better than 1:40, a bomb 1:1000. Small parts may pack as well as they like.
_MOST_RATIO = 150
_SMALL_PART_BYTES = 5_000_000
_CHECKED_FOR_ENTITIES = 4096


def check_archive(content: bytes) -> None:
    """Accept an Office file that is whole and unpacks to a size that can be read.

    Raises:
        SourceError: It is no archive, damaged, protected with a password, or made to exhaust the reader.
    """
    # What Office protects with a password is no ZIP but an OLE container.
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(
            "it is protected with a password, or saved by an Office from before 2007; open it, save it without a "
            "password in today's form (.docx, .pptx, .xlsx) and add it again"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                packed_well = part.file_size > _SMALL_PART_BYTES and part.file_size > _MOST_RATIO * part.compress_size
                if packed_well or sum(p.file_size for p in archive.infolist()) > MOST_UNPACKED_BYTES:
                    raise SourceError(
                        f"it unpacks to far more than it holds ({part.filename}); it looks like a ZIP bomb and is not "
                        "opened. If you trust it, save it anew in Office"
                    )
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        refuse_entities(stream.read(_CHECKED_FOR_ENTITIES))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"it is damaged or not an Office file ({error}); download or save it again") from None
    except OSError as error:
        raise SourceError(f"it is damaged ({error}); download or save it again") from None
