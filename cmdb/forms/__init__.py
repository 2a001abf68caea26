"""The forms of the operations, a module for each noun."""
