"""What those who run the site see of it from outside: metrics, logs, traces."""
