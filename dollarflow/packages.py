"""Packages that a plain installation leaves out, and the extra that brings each."""

from __future__ import annotations

EXTRAS = {
    "dash": "lab",
    "flask": "lab",
    "zarr": "ensemble",
    "numcodecs": "ensemble",
    "dask": "ensemble",
    "distributed": "ensemble",
    "xarray": "export",
    "pyarrow": "export",
    "h5netcdf": "export",
    "h5py": "export",
    "emcee": "estimation",
    "httpx": "data",
    "latex2mathml": "docs",
}


def absent(error: ModuleNotFoundError, use: str) -> str:
    """The sentence on a package that is not installed; empty where the module belongs to no extra.

    Parameters
    ----------
    error
        What the import said.
    use
        What needs the package, such as ``dollarflow lab``.

    Examples
    --------
    >>> absent(ModuleNotFoundError("No module named 'dash'", name="dash"), "dollarflow lab")
    "dollarflow lab needs the package dash; install it with pip install 'dollarflow[lab]'"
    """
    package = (error.name or "").partition(".")[0]
    if package not in EXTRAS:
        return ""
    return f"{use} needs the package {package}; install it with pip install 'dollarflow[{EXTRAS[package]}]'"
