"""The steward's pages: a static site that needs neither a server nor the network."""

from warehouse.site.write import SiteReport, write_site

__all__ = ["SiteReport", "write_site"]
