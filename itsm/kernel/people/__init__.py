"""People, teams and the roles they hold: what administrators do with them."""
