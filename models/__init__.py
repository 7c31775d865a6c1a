"""The domain of Danju, on floors: a file imports from earlier files of its floor and from below."""
