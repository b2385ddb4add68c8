"""The ground floor: documents and people, found and answered from. Imports neither `bot` nor `indexer`."""
