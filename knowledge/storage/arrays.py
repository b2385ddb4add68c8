"""The array types of storage's promises. Imported for type checking only where numpy itself is not needed."""

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Scores = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float32]
