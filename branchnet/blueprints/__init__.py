"""Who comes in: each blueprint authorises, calls one command or query, and answers."""
