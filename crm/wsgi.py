import os
from typing import Any

import django
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
django.setup(set_prefix=False)


class Handler(WSGIHandler):
    """Django's, for which a Content-Type that cannot be read, such as `charset=base64`, is none.

    Django fails on it while it makes the request, before anything of ours could answer.
    """

    def request_class(self, environ: dict[str, Any]) -> WSGIRequest:  # type: ignore[override]
        try:
            return WSGIRequest(environ)
        except (LookupError, BadRequest):
            return WSGIRequest({**environ, "CONTENT_TYPE": ""})


application = Handler()
