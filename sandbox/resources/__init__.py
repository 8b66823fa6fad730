"""One module for each resource of the API: its views, its wire shapes, and what a change of it means."""
