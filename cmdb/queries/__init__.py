"""What can be asked of the configuration records."""
