"""Streets of any size with the statistics of real ones: a shaken grid with main roads, gaps and dead ends."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

BLOCK_M = 95.0


def make_streets(nodes: int, seed: int = 1) -> gpd.GeoDataFrame:
    """About so many nodes, one connected town, node ids in `u` and `v`; mean degree 2.6, a fifth dead ends.

    Every sixth line of the grid is a main road and whole; of the other blocks three in ten are missing. Off a fifth of what
    is left a dead end branches, and nearly half the edges have a bend.
    """
    rng = np.random.default_rng(seed)
    side = round((nodes / 1.55) ** 0.5)
    row, column = (a.ravel() for a in np.mgrid[:side, :side])
    xy = np.c_[column, row] * BLOCK_M + rng.normal(0, BLOCK_M / 6, (side * side, 2))
    number = row * side + column
    east, north = column < side - 1, row < side - 1
    u = np.concatenate([number[east], number[north]])
    v = np.concatenate([number[east] + 1, number[north] + side])
    main = np.concatenate([row[east] % 6 == 0, column[north] % 6 == 0])
    stays = main | (rng.random(len(u)) > 0.3)
    u, v = u[stays], v[stays]
    xy, u, v = _with_dead_ends(xy, u, v, rng)
    lines = _bent(xy, u, v, rng)
    town = _largest(len(xy), u, v)[u]
    return gpd.GeoDataFrame({"u": u[town], "v": v[town]}, geometry=lines[town], crs="EPSG:32649")


Ids = npt.NDArray[np.int64]
Places = npt.NDArray[np.float64]


def _with_dead_ends(xy: Places, u: Ids, v: Ids, rng: np.random.Generator) -> tuple[Places, Ids, Ids]:
    """Split a fifth of the edges and let a dead end of some 30 m branch off there."""
    split = np.flatnonzero(rng.random(len(u)) < 0.2)
    share = rng.uniform(0.3, 0.7, (len(split), 1))
    corner = xy[u[split]] * (1 - share) + xy[v[split]] * share
    turn = rng.uniform(0, 2 * np.pi, len(split))
    end = corner + np.c_[np.cos(turn), np.sin(turn)] * rng.uniform(15, 55, (len(split), 1))
    middle, tip = len(xy) + np.arange(len(split)), len(xy) + len(split) + np.arange(len(split))
    others = np.setdiff1d(np.arange(len(u)), split)
    return (np.vstack([xy, corner, end]), np.concatenate([u[others], u[split], middle, middle]),
            np.concatenate([v[others], middle, v[split], tip]))


def _bent(xy: Places, u: Ids, v: Ids, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Edges as lines of three vertices, the middle one off the straight line for nearly half of them."""
    middle = (xy[u] + xy[v]) / 2
    middle += rng.normal(0, 8, middle.shape) * (rng.random(len(u)) < 0.45)[:, None]
    return np.asarray(shapely.linestrings(np.stack([xy[u], middle, xy[v]], axis=1)), dtype=object)


def _largest(nodes: int, u: Ids, v: Ids) -> npt.NDArray[np.bool_]:
    """Which nodes hang together with most others."""
    label = np.arange(nodes)
    while True:
        low = np.minimum(label[u], label[v])
        new = label.copy()
        np.minimum.at(new, u, low)
        np.minimum.at(new, v, low)
        while (jumped := new[new]).tobytes() != new.tobytes():
            new = jumped
        if np.array_equal(new, label):
            return np.asarray(label == np.bincount(label).argmax())
        label = new
