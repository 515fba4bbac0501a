"""Form in, page out: one blueprint a resource."""
