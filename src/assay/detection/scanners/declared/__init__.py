"""The declared scanner: what the uploader says of the upload. It never doubts or confirms it."""
