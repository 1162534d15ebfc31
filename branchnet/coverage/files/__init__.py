"""Where things are, out of Excel or CSV: communities and positions of points; read, tried, then entered."""
