"""Papers of a batch: what they say (rules, notes), what they read (queries), and how they become Word and Excel."""
