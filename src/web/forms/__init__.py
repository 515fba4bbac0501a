"""The forms: what a person types, judged before the API sees it; one file a resource."""
