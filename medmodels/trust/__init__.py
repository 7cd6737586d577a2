"""How far an answer can be trusted; plain arrays in and out."""
