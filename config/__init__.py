"""From three YAML files to the core's settings: models, positions, checks, versions and the shipped examples."""
