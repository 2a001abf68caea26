"""What may change about changes, one module per noun."""
