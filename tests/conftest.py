"""Settings of all tests: random examples are the same in every run, so that a failure repeats.

``HYPOTHESIS_PROFILE=default`` draws new ones.
"""

import os

from hypothesis import settings

settings.register_profile("repeated", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeated"))
