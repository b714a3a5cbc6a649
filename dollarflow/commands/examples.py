"""Examples of every command, shown under its ``--help``."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "run": (
        "dollarflow run --out out/baseline",
        "dollarflow run --clock daily --periods 42 --out out/daily",
        "dollarflow run srf_off --clock daily --periods 42 --out out/srf_off",
        "dollarflow run tga_rebuild --set a_notes=0.2 --quiet",
        "dollarflow run mine.toml --exogenous paths.csv --opening opening.csv",
    ),
    "audit": ("dollarflow audit out/baseline", "dollarflow audit out/baseline --verbose"),
    "compare": (
        "dollarflow compare out/daily out/srf_off",
        "dollarflow compare out/daily out/srf_off --of sofr --out difference.csv",
    ),
    "scenarios": ("dollarflow scenarios", "dollarflow scenarios srf_off", "dollarflow scenarios --format json"),
    "experiments": ("dollarflow experiments E15 E21", "dollarflow experiments E7,E10", "dollarflow experiments --format markdown"),
    "claims": ("dollarflow claims", "dollarflow claims 12 1c.4"),
    "tables": ("dollarflow tables", "dollarflow tables --date 2025-10-29", "dollarflow tables --format latex"),
    "target": ("dollarflow target tga_reserves --out out/held", "dollarflow target mine.toml"),
    "inputs": ("dollarflow inputs", "dollarflow inputs srf_on a_notes", "dollarflow inputs --format json"),
    "equations": ("dollarflow equations sofr reserves", "dollarflow equations --format latex"),
    "graph": (
        "dollarflow graph out/baseline --period 10 --out holdings.svg",
        "dollarflow graph out/baseline --period 10 --kind flows --out flows.graphml",
    ),
    "export": (
        "dollarflow export out/baseline --out baseline.parquet",
        "dollarflow export out/baseline --format netcdf --out baseline.nc",
    ),
    "figure": (
        "dollarflow figure --list",
        "dollarflow figure corridor out/baseline --out corridor.pdf",
        "dollarflow figure buyers out/daily out/srf_off --out buyers.svg",
    ),
    "appendix": ("dollarflow appendix --out appendix.tex --check", "dollarflow appendix --experiments E7,E15 --out short.tex"),
    "report": ("dollarflow report out/baseline --out report.html", "dollarflow report out/daily out/srf_off --out report.html"),
    "calibrate": ("dollarflow calibrate --out calibrated", "dollarflow calibrate --data published --out calibrated"),
    "backtest": ("dollarflow backtest", "dollarflow backtest 2024Q4-2025Q4 --draws 20"),
    "forecast": (
        "dollarflow forecast --draws 200 --out out/forecast",
        "dollarflow forecast --exogenous examples/forecast_2026.toml --out out/forecast",
    ),
    "freeze": ("dollarflow freeze --periods 52", "dollarflow freeze --out sectors.md"),
    "sensitivities": ("dollarflow sensitivities out/baseline --of sofr", "dollarflow sensitivities out/baseline --of reserves --count 20"),
    "stability": ("dollarflow stability", "dollarflow stability --date 2025-10-29"),
    "ensemble": (
        "dollarflow ensemble baseline --draws 200 --seed 1 --out out/draws.zarr",
        "dollarflow ensemble baseline --draws 200 --out out/draws.zarr --resume",
    ),
    "institutions": (
        "dollarflow institutions --banks 50 --hedge-funds 80 --shock dash_for_cash",
        "dollarflow institutions --shock haircuts --what-if floor --out out/institutions",
    ),
    "lab": ("dollarflow lab", "dollarflow lab --port 8051"),
    "solve": (
        "dollarflow solve SIM.txt",
        "dollarflow solve PC.txt --periods 60 --no-shock --out path.csv",
        "dollarflow solve SIM.txt --timing",
    ),
    "completion": (
        "dollarflow completion bash >> ~/.bashrc",
        "dollarflow completion zsh > ~/.zfunc/_dollarflow",
        "dollarflow completion fish > ~/.config/fish/completions/dollarflow.fish",
    ),
}


def epilog(command: str) -> str:
    r"""The examples of a command as its help shows them, one a line; empty where there are none.

    Examples
    --------
    >>> print(epilog("appendix").replace("\b", ""))
    <BLANKLINE>
    Examples:
      dollarflow appendix --out appendix.tex
    """
    lines = EXAMPLES.get(command, ())
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)]) if lines else ""
