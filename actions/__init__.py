"""What a person does, in one call each; used by pages and HTTP routes alike."""
