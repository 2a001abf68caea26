"""The tables of the list pages, a module for each noun."""
