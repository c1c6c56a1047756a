"""The workshop: works out how the programme stands on the ground and whom it serves on foot."""
