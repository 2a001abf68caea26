"""What a pipeline runs: a small command that needs nothing but Python."""
