"""Diagnostics of an installation, one line each with what to do: `haln doctor`."""
