"""What is derived from manifests, models, events and settings: documents and the API's description."""
