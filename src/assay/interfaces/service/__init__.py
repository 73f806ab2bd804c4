"""The decision service: decisions over HTTP. It starts without a database and without pages."""
