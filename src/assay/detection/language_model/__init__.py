"""A language model as a judge: asked the vocabulary's own questions, measured before believed. It decides nothing."""
