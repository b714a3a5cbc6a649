"""A paper's appendix in LaTeX: matrices, equations, parameters and experiments."""

from dollarflow.appendix.document import appendix
from dollarflow.appendix.typesetting import Compiled, compiled, program

__all__ = ["Compiled", "appendix", "compiled", "program"]
