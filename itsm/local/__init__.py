"""A local copy of the whole system: embedded servers, and one supervisor around web, worker and beat.

Nothing here imports Django at module level: this code runs before there are settings.
"""
