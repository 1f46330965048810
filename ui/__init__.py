"""What the pages share: navigation, the map component, panels, localisation."""
