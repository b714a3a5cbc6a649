"""Sources: public data in the publishers' own formats, checked before a figure is made of them.

Reading, by hand-downloaded folder or through the cache; checking; figures by the names of ``calibration/data``.
"""

from calibration.sources.addresses import requests
from calibration.sources.cache import Cache, Cached, Stamp
from calibration.sources.catalogue import Catalogue, catalogue
from calibration.sources.download import Downloader, Patience, Request
from calibration.sources.entries import Entry, Target
from calibration.sources.figures import Figure, Prepared, figures, histories, partial, prepare
from calibration.sources.findings import CHECKS, Finding, SourceError
from calibration.sources.folder import Folder, read_folder
from calibration.sources.formats import FORMATS, Format, read, recognise
from calibration.sources.library import Fetched, fetch, open_folder
from calibration.sources.published import Published

__all__ = [
    "CHECKS",
    "FORMATS",
    "Cache",
    "Cached",
    "Catalogue",
    "Downloader",
    "Entry",
    "Fetched",
    "Figure",
    "Finding",
    "Folder",
    "Format",
    "Patience",
    "Prepared",
    "Published",
    "Request",
    "SourceError",
    "Stamp",
    "Target",
    "catalogue",
    "fetch",
    "figures",
    "histories",
    "open_folder",
    "partial",
    "prepare",
    "read",
    "read_folder",
    "recognise",
    "requests",
]
