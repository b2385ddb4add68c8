"""The web face: pages made on the server, which work without scripts, and interfaces for programs."""
