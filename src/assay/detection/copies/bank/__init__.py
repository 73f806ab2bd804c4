"""Banks of known items: what each is for, its entries, and what is near to a hash. It hashes no file."""
