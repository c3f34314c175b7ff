"""The store on disk: what is shared, what goes, what is checked."""
