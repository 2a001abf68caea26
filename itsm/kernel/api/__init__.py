"""The base of every REST resource; see docs/architecture.md for one request followed through it."""
