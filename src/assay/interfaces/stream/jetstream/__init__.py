"""NATS JetStream: items from a durable pull consumer, answers published once. It decides nothing."""
