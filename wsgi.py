"""The web process: ``truongthi serve`` starts it; any gevent WSGI server may mount ``app``."""

from gevent import monkey

monkey.patch_all()

from lms.app import create_app  # noqa: E402  nothing may be imported before the patch

app = create_app()
