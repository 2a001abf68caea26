"""What can be asked of transition."""
