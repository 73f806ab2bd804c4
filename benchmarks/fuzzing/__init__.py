"""Files made wrong on purpose, and what reading them costs. It attacks nothing but our own readers."""
