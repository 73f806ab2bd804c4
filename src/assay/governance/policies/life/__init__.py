"""The life of a change: texts, versions, editions, stages and the gates between them. It knows no higher part."""
