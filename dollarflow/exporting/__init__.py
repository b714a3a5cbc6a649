"""Results for other tools: Parquet, netCDF, JSON and long CSV, and xarray datasets in Python."""

from dollarflow.exporting.dataset import dataset
from dollarflow.exporting.files import FORMATS, export_folder
from dollarflow.exporting.tables import Column, Frame, Record, record_of_folder, record_of_simulation

__all__ = ["FORMATS", "Column", "Frame", "Record", "dataset", "export_folder", "record_of_folder", "record_of_simulation"]
