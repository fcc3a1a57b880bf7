"""The API under /api/v1: what the published database holds, as JSON, JSON Lines and CSV, described by OpenAPI 3.1.

Requests are read strictly (`parameters`, `asked`), become SQL over the documented views (`statements`), are run in a
few worker threads (`service`, `matching`), and leave as bytes (`bodies`). Routes are FastAPI's (`application`);
methods, rate limits and cross-origin reading are around them all (`edges`).
"""

from tracker.serve.api.application import ApiSettings, create_api

__all__ = ["ApiSettings", "create_api"]
