"""What the pages read of stocktakes. The number of statements never grows with the rows."""
