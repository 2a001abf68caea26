"""The worker behind the intake: what waits has its effect, in order, once."""
