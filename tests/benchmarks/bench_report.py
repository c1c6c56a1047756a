"""A district's report and story made by the command line, each in a process of its own: seconds and memory; the same beside a server."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.race import Result
from tests.extracts import real

MOST_S, MOST_MB = 60.0, 1024.0
ROOT = Path(__file__).parents[2]
_RUN = """
import json, resource, sys, time
began = time.perf_counter()
from geodata.cli import main
code = main(sys.argv[1:])
unit = 2**20 if sys.platform == "darwin" else 2**10
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([code, time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / unit]), file=sys.stderr)
"""
_SERVE = """
import json, resource, sys, time
from geodata import serving
from geodata.dossier import imprint_of, make_zip
from geodata.findings import Asked
from geodata.jobs import JOBS
from geodata.packs import folder_in_use
from geodata.question import Question
from geodata.settings import read_settings
from layers import every_layer

settings = read_settings()
district = serving.current_district(settings)
keys = [key for key, layer in every_layer().items() if layer.serves_on_foot]
began = time.perf_counter()
jobs = [JOBS.start(lang, make_zip, district, Asked(Question(tuple(keys))), imprint_of(district, folder_in_use(settings), lang, settings)) for lang in ("zh", "en")]
for job in jobs:
    job.ended.wait()
seconds, failed = time.perf_counter() - began, sum(job.result is None for job in jobs)
JOBS.close()
unit = 2**20 if sys.platform == "darwin" else 2**10
own, worker = (resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([failed, seconds, own, worker]), file=sys.stderr)
"""


def results() -> list[Result]:
    """Measure; not on Windows, which does not tell the memory of a process that ended."""
    if sys.platform == "win32":
        return [Result("reports in processes of their own", "not measured on Windows")]
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _said(_RUN, folder, "pack", "--out", str(folder / "helsinki"), "--osm", str(real("Helsinki.osm.pbf")))
        for place, pack in (("the embedded district", ()), ("Helsinki", ("--pack", str(folder / "helsinki")))):
            found += _bounded(f"report on every layer, {place}", *_said(_RUN, folder, "report", "--layer", "all", *pack, "--out", str(folder / f"report {place}"))[1:])
        found += _bounded("the story as PDF, the embedded district", *_said(_RUN, folder, "present", "--format", "pdf", "--out", str(folder / "story.pdf"))[1:])
        _, seconds, own, worker = _said(_SERVE, folder)
        found += [Result("two reports at once beside a server", f"{seconds:,.1f} s"),
                  Result("its memory, and that of each of the two processes", f"{own:,.0f} MB, {worker:,.0f} MB", f"each at most {MOST_MB:,.0f} MB", max(own, worker) <= MOST_MB)]
    return found


def _said(script: str, folder: Path, *arguments: str) -> list[float]:
    """What a fresh process says of itself, its first figure 0 where all went well."""
    own = {"CHANHE_PACK": str(folder), "CHANHE_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=ROOT, env={**os.environ, **own}, check=True, capture_output=True, text=True, encoding="utf-8")
    told: list[float] = json.loads(done.stderr.splitlines()[-1])
    assert told[0] == 0, done.stderr
    return told


def _bounded(what: str, seconds: float, worked_s: float, megabytes: float) -> list[Result]:
    return [Result(what, f"{seconds:,.1f} s ({worked_s:,.1f} s of a core)", f"at most {MOST_S:g} s", seconds <= MOST_S),
            Result("  its memory", f"{megabytes:,.0f} MB", f"at most {MOST_MB:,.0f} MB", megabytes <= MOST_MB)]
