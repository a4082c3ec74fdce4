"""The pages for people: what the API says, as HTML that works without scripts, in English and Chinese.

The language is the first part of the path (`/en/search`, `/zh/search`), the rest of the address is the state,
and `.json` behind the path gives what the page shows to programs. A page is a frozen dataclass (its context)
and a template; nothing in a template is undefined and everything in it is escaped.
"""

from tallystick.doors.web.failing import refused
from tallystick.doors.web.routes import routes

__all__ = ["refused", "routes"]
