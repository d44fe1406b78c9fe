"""Which confidence keeps a promise of accuracy, and the temperature under which labels are likeliest: in float64 and in
memory, by the definition.
"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import kl_div, logsumexp
from scipy.stats import binom

# What float32 terms may change of a probability, as a part of it and of what it lacks to 1.
TOLERANCE = 2e-6


def chosen(rows, seed, share):
    """Which of so many rows the confidence is found on: SplitMix64's numbers below the share."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + (np.arange(rows, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(float) * 2.0**-53 < share


def confidences():
    found = [m / 10_000 for m in range(1, 5001)]
    for exponent in range(4, 16):
        scale = 10**exponent
        found += [(scale - m) / scale for m in range(4999 if exponent == 4 else 9999, 999, -1)]
    return np.array(found + [1.0])


def wrong_from(tree, p, labels):
    """For each row the probability up to which it is at a node that its label is not below; 0 if that is never so, 2 if it is
    so at the root, where rows are that reach nothing.
    """
    mass = p @ tree.members.T
    found = np.zeros(len(p))
    for row, label in enumerate(labels):
        node = tree.root
        if not tree.members[node, label]:
            found[row] = 2
            continue
        while node in tree.children:
            first, second = tree.children[node]
            node = first if mass[row, first] >= mass[row, second] else second
            if not tree.members[node, label]:
                found[row] = mass[row, node]
                break
    return found


def confidence(limits, accuracy, certainty):
    """The least confidence that leaves as few rows wrong as must be; None if there is none."""
    counts = np.arange(len(limits) + 1)
    allowed = counts[binom.cdf(counts, len(limits), 1 - accuracy) <= 1 - certainty]
    if not len(allowed):
        return None
    grid = confidences()
    wrong = len(limits) - np.searchsorted(np.sort(limits), grid, side="left")
    fitting = np.flatnonzero(wrong <= allowed[-1])
    return grid[fitting[0]] if len(fitting) else None


def is_kept(loss, blocks, accuracy, certainty):
    """Whether the mean loss of blocks keeps a promise, by the bound of Hoeffding and Bentkus."""
    most = 1 - accuracy
    if loss >= most:
        return False
    divergence = kl_div(loss, most) + kl_div(1 - loss, accuracy)
    bound = min(np.exp(-blocks * divergence), np.e * binom.cdf(np.ceil(blocks * loss), blocks, most))
    return bound <= 1 - certainty


def check_calibration(tree, p, labels, found, accuracy, certainty, seed, share):
    """What is wrong with a summary of assign; None if nothing is. Rounding may have led to a neighbour."""
    known = labels >= 0
    mine = chosen(len(labels), seed, share) & known
    others = known & ~mine
    limits = np.zeros(len(labels))
    limits[known] = wrong_from(tree, p[known], labels[known])
    slack = TOLERANCE * np.minimum(limits, np.maximum(1 - limits, 1e-9))
    bounds = [confidence((limits + side * slack)[mine], accuracy, certainty) for side in (-1, 1)]
    if not bounds[0] <= found["confidence"] <= bounds[1]:
        return f"confidence {found['confidence']} is not within {bounds}"
    if found["calibration_rows"] != mine.sum() or found["test_rows"] != others.sum():
        return f"{found['calibration_rows']} and {found['test_rows']} rows, not {mine.sum()} and {others.sum()}"
    for name, rows in [("calibration_wrong", mine), ("test_wrong", others)]:
        least, most = (np.sum((limits + side * slack)[rows] >= found["confidence"]) for side in (-1, 1))
        if not least <= found[name] <= most:
            return f"{name} is {found[name]}, not within {least} and {most}"
    return None


def loss(logits, labels, temperature):
    z = logits / temperature
    return float(np.mean(logsumexp(z, axis=1) - z[np.arange(len(z)), labels]))


def calibration_error(logits, labels, temperature, bins=15):
    z = logits / temperature
    confidence = np.exp(z.max(1) - logsumexp(z, axis=1))
    right = logits.argmax(1) == labels
    index = np.clip(np.ceil(confidence * bins).astype(int), 1, bins)
    return sum(abs(right[index == b].sum() - confidence[index == b].sum()) for b in range(1, bins + 1)) / len(labels)


def fitted_temperature(logits, labels):
    """By SciPy's minimization of a function of one number, here the logarithm of the temperature."""
    found = minimize_scalar(
        lambda t: loss(logits, labels, np.exp(t)), bounds=(-6, 6), method="bounded", options={"xatol": 1e-9})
    return float(np.exp(found.x))


def check_temperature(found, logits, labels, start=1.0):
    """What is wrong with a fit; None if nothing is."""
    expected = fitted_temperature(logits, labels)
    if abs(found["temperature"] / expected - 1) > 1e-4:
        return f"temperature {found['temperature']}, not {expected}"
    pairs = [("nll", loss, expected), ("start_nll", loss, start), ("calibration_error", calibration_error, expected),
             ("start_calibration_error", calibration_error, start)]
    for name, figure, temperature in pairs:
        value = figure(logits, labels, temperature)
        if abs(found[name] - value) > (2e-3 if "error" in name else 2e-6):
            return f"{name} is {found[name]}, not {value}"
    if found["rows"] != len(labels) or found["right"] != np.sum(logits.argmax(1) == labels):
        return "rows are others"
    return None
