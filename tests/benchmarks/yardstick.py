"""The lean compiled reference: yardstick.c, compiled when it is asked for, behind numpy arrays."""

import ctypes
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geodata.network import Metres, Network

SOURCE = Path(__file__).with_name("yardstick.c")
COMPILERS = ("cc", "gcc", "clang")
FLAGS = ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC")
Sites = npt.NDArray[np.int32]


class NoYardstickError(RuntimeError):
    """Why the reference cannot be raced here."""


@dataclass(frozen=True)
class Yardstick:
    """The compiled functions, on one network from one set of starts.

    Attributes:
        library: what the compiler made.
        network: the streets.
        source: node of every start.
        start_m: metres walked before it.
    """

    library: ctypes.CDLL
    network: Network
    source: npt.NDArray[np.uint32]
    start_m: Metres

    def in_given_order(self, order: npt.NDArray[np.uint32]) -> tuple[Metres, Sites]:
        """Return walks and sites of every node, the settling order given away: the lower bound of any search with a queue."""
        walk, site = self._answer()
        self.library.in_given_order(*self._question(), ctypes.c_int32(len(order)), _at(order), _at(walk), _at(site))
        return walk, site

    def by_heap(self) -> tuple[Metres, Sites]:
        """Return the same by Dijkstra's search with a heap.

        Raises:
            MemoryError: no memory for the heap.
        """
        walk, site = self._answer()
        if not self.library.by_heap(*self._question(), _at(walk), _at(site)):
            raise MemoryError
        return walk, site

    def _answer(self) -> tuple[Metres, Sites]:
        return np.empty(self.network.nodes), np.empty(self.network.nodes, np.int32)

    def _question(self) -> tuple[object, ...]:
        net = self.network
        return (ctypes.c_int32(net.nodes), _at(net.first_arc), _at(net.arc_to), _at(net.arc_m), ctypes.c_int32(len(self.source)),
                _at(self.source), _at(self.start_m))


def compiled() -> ctypes.CDLL:
    """Compile the reference into a folder of its own and load it.

    Raises:
        NoYardstickError: there is no C compiler, or it refuses.
    """
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise NoYardstickError(f"no C compiler ({', '.join(COMPILERS)})")
    made = Path(tempfile.mkdtemp(prefix="yardstick-")) / "yardstick.so"
    done = subprocess.run([compiler, *FLAGS, str(SOURCE), "-lm", "-o", str(made)], capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode:
        raise NoYardstickError(f"{Path(compiler).name} refuses: {done.stderr.strip().splitlines()[-1:]}")
    return ctypes.CDLL(str(made))


def _at(array: npt.NDArray[np.generic]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)
