"""What the pages of all simulated platforms share: their looks, their script, and how they are served."""
