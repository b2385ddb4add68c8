"""A small Discord on the loopback: real HTTP and a real websocket gateway, for what a simulation in memory cannot do.

discord.py talks to it unmodified but for its addresses. It identifies, beats, resumes, reconnects and invalidates
sessions, limits rates with bucket headers, fails, and forgets interactions that hear nothing within three real seconds.
"""
