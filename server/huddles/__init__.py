"""The live sitting: convened, joined, moved through its phases."""
