"""Reads files from strangers in a process of its own, so that none of them can freeze, fill or end this one."""

from indexer.sandbox.limits import Limits
from indexer.sandbox.sandbox import Sandbox

__all__ = ["Limits", "Sandbox"]
