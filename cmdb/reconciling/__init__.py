"""Several sources may know a CI: what each says is kept, rules say whose word counts, people decide the rest once."""
