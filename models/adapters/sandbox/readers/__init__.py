"""The readers of what comes from outside. The portal calls them by name and loads none of them:
they run in the sandbox alone."""
