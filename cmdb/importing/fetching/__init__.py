"""Imports that the program fetches: asked by HTTP, kept as their file, and read from there like any other."""
