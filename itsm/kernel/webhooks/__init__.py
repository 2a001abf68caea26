"""Events for other systems, by HTTP, signed as Standard Webhooks 1.0.0 says; docs/webhooks.md tells integrators."""
