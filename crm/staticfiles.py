"""How styles and scripts are kept for production: compressed, each with a hash of its content in its name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Modules import each other by the hashed names too, so that a new version never meets an old part."""

    support_js_module_import_aggregation = True
