"""The door for software that buys and sells: an MCP server with a handful of tools for one task each.

Everything it shows is public, as on the credit page; what it answers carries the day, the interval, the depth
of the evidence, whether anything is disputed, and what to do next. Served at `/mcp` beside the API, and over
standard input and output by `tallystick agent`."""

from tallystick.doors.agent.server import agent_server

__all__ = ["agent_server"]
