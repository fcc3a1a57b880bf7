"""Where results leave the program: the site's folder."""

from tracker.deliver.site import FolderSiteWriter

__all__ = ["FolderSiteWriter"]
