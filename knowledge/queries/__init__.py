"""What can be asked of knowledge."""
