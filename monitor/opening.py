"""A configuration → what stands on the disk: the database, the archive, the vocabulary.

Apart from the composition root, so that a command which only looks something up loads no more than this.
"""

from monitor.archive import Archive
from monitor.config.model import Config
from monitor.storage import Storage
from rules.vocabulary import Vocabulary, use_vocabulary


def open_storage(config: Config) -> Storage:
    """The configured database; a relative SQLite file stands beside the configuration file."""
    url = config.database.get_secret_value()
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(f"{prefix}/"):
        url = f"{prefix}{config.folder / url.removeprefix(prefix)}"
    return Storage(url)


def open_archive(config: Config) -> Archive:
    """The configured archive of raw pages."""
    settings = config.archive
    return Archive(config.folder / settings.folder, settings.keep, settings.max_size)


def load_vocabulary(config: Config) -> Vocabulary:
    """The vocabulary with what the configuration adds, for all of this process. Its files were checked when
    the configuration was."""
    return use_vocabulary(*config.vocabulary_files)
