"""Pages, as the people who open them get them."""
