"""Commands on what people do and what is kept of it. They show no secret but the one-time link that they make."""
