"""Documents that leave the app: whole, readable without it, with the notice on them."""
