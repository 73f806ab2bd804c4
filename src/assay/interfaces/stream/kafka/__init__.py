"""Kafka: items from a consumer group, answers by an idempotent producer. It decides nothing."""
