"""Where allauth meets this house: its adapters, and what its signals write. It holds no rule."""
