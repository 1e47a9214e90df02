"""What numpy's arrays hold, for types. Knows no shapes: who uses one says its own."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
