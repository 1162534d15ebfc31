"""The composition root: everything is put together here, and nothing is decided."""

import logging

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from branchnet import assets, blueprints, cli, web
from branchnet.config import ROOT, Settings, from_environment
from branchnet.database import prepare_sqlite
from branchnet.extensions import api, babel, csrf, db, limiter, migrate


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. Raises BadSettings where the environment would make it unsafe or impossible."""
    settings = settings or from_environment()
    settings.check()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = Flask("branchnet", root_path=str(ROOT / "branchnet"))
    app.config.from_mapping(settings.flask(), BRANCHNET=settings)
    start_extensions(app)
    web.register(app)
    blueprints.register(app)
    cli.register(app)
    assets.serve(app)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # Flask's documented way
    return app


def start_extensions(app: Flask) -> None:
    """Bind the extensions to this application, and give SQLite its manners."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, locale_selector=web.language)
    csrf.init_app(app)
    limiter.init_app(app)
    api.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
