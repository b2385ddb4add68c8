"""Insights: questions asked, gaps in the library, and what came of it all, in figures that name nobody."""
