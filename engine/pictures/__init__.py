"""Pictures of a few things on paper, and questions about them: drawn here, so that what is rare can be chosen."""
