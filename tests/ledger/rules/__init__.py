"""What histories draw, by topic: each class adds the rules of one to a ledger; `history.History` is all of them."""
