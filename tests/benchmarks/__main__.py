"""Run every comparison of this folder and print it: `python -m tests.benchmarks [name …]`; 1 if a bound does not hold."""

import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    """Each file `bench_*.py` answers `results()`."""
    names = sys.argv[1:] or sorted(p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py"))
    broken = 0
    for name in names:
        module = import_module(f"tests.benchmarks.bench_{name}")
        print(f"\n{module.__doc__.splitlines()[0]}", flush=True)
        for line in module.results():
            mark = {None: "  ", True: "ok", False: "NO"}[line.held]
            print(f"  {mark} {line.what:<62} {line.found:<36} {line.wanted}".rstrip(), flush=True)
            broken += line.held is False
    print(f"\n{broken or 'no'} bound(s) broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
