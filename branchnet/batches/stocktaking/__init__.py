"""Stocktakes (盘点): what is counted at a place over several days, while books come and go."""
