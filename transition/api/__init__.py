"""REST: the resources of transition."""
