"""What may change about knowledge."""
