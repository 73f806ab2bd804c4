"""What a change would do: check, examples, proof, difference, rehearsal, and what people assess. It ships nothing."""
