"""Tops and bottoms: how they are drawn, which of them go together, and how a folder of photographs of them is read."""
