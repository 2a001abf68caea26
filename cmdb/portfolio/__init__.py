"""The way of a service through the portfolio: its transition points, and what each asks."""
