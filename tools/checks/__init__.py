"""The checks of tools/check; see there."""
