"""What the service publishes of itself: its OpenAPI document and the schemas of a pack. It answers no request."""
