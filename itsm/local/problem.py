"""What stops a local copy, told as one clear sentence and a way on."""


class Problem(Exception):
    """Shown to the person at the terminal as it is, without a traceback."""
