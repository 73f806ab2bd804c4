"""What a launch needs: items of the checklist, and what rules need of the product. Nothing here knows a store."""
