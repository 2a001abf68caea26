"""The demo organisation: made by the operations that people use, with a clock that plays three weeks."""
