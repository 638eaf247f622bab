"""Conditional logit: weights that put a right row first among the rows of its group.

The loss of a group is -log(sum of exp(score) over right rows / sum over all rows), after McFadden
(1974); groups weigh equally within a set and sets equally among one another.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

PRIOR_PENALTY = 1.0

Floats = npt.NDArray[np.float64]
Group = tuple[Floats, npt.NDArray[np.bool_]]  # features (rows, n), right (rows,)


def fit(
    sets: Sequence[Sequence[Group]],
    penalty: float,
    free: Sequence[int],
    prior: Floats | None = None,
) -> Floats:
    """Weights (n,) of the features as they are. `penalty` is the L2 weight on scaled ones.

    Where `prior` (n,) is above 0, the weight is drawn to it instead, on the features as they are:
    what the sets hardly speak of keeps what it was thought to be worth.

    Only the features at `free` may get a weight below 0: evidence for a row never counts against
    it, which carries over to sets that were not seen.
    """
    groups = [(x, r, 1.0 / len(groups)) for groups in sets for x, r in groups]
    rows = np.concatenate([x for x, _, _ in groups])
    scale = rows.std(axis=0) + 1e-6
    rows = (rows - rows.mean(axis=0)) / scale
    sizes = [len(x) for x, _, _ in groups]
    starts = np.cumsum([0, *sizes[:-1]])
    group = np.repeat(np.arange(len(sizes)), sizes)
    right = np.concatenate([r for _, r, _ in groups]).astype(np.float64)
    share = np.array([w for _, _, w in groups])
    share *= 1000 / share.sum()

    expected = np.zeros(rows.shape[1]) if prior is None else prior * scale
    pull = np.where(expected > 0, PRIOR_PENALTY / scale**2, penalty)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        total = np.add.reduceat(odds, starts)
        won = np.add.reduceat(odds * right, starts) + 1e-12
        slope = share[group] * (odds / total[group] - odds * right / won[group])
        value = float((share * (np.log(total) - np.log(won))).sum())
        away = weights - expected
        return value + float(pull @ away**2) / 2, rows.T @ slope + pull * away

    bounds = [(None if n in free else 0.0, None) for n in range(rows.shape[1])]
    found = minimize(
        loss,
        expected,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 200},
    )
    return found.x / scale
