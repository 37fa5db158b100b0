"""Types that stand for arrays in annotations, named once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""An array of numbers; its axes are named where it is used."""
