"""One file a check; each is read when the program starts."""
