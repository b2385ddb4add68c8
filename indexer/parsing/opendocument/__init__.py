"""OpenDocument files, as LibreOffice saves them: texts (.odt), sheets (.ods) and slides (.odp)."""
