"""Detectors that an operator plugs in by configuration: models in a folder, endpoints. It believes none of them."""
