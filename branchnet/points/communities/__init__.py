"""The register of communities (需求点): villages, residential areas, schools, towns; kept by hand and from files."""
