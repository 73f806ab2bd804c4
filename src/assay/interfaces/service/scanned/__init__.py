"""What `POST /v1/scan` is made of: the file taken in, the answer written. Nothing here decodes a file."""
