"""The guard before the service: who may come in, how often, with how much. It never reads what an item says."""
