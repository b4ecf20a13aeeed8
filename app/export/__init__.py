"""What leaves the window: figures that carry their session, data, animations, scripts, printed lessons."""
