"""What may change in transition, one module per noun."""
