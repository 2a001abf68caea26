"""What may change in the configuration records, one module per noun."""
