"""The pages of the editor. They decide nothing: every command asks again."""
