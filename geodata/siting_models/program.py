"""Linear and integer programs, handed to HiGHS as arrays: with a start, a time limit, progress and a stop.

Huangfu & Hall 2018, https://doi.org/10.1007/s12532-017-0130-5.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from geodata.siting_models._form import PROVEN, Clock
from geodata.siting_models._sparse import Flags, Floats, Sparse

_THREADS: Final = 2


@dataclass(frozen=True, eq=False)
class Program:
    """Columns and rows of a program: best cost · x with row_low ≤ rows · x ≤ row_high.

    Attributes:
        cost: of each column.
        low: its lower bound.
        high: its upper bound.
        integer: whether it is whole.
        rows: the table, with values.
        row_low: lower bound of each row.
        row_high: its upper bound.
        maximise: whether more is better.
    """

    cost: Floats
    low: Floats
    high: Floats
    integer: Flags
    rows: Sparse
    row_low: Floats
    row_high: Floats
    maximise: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """What HiGHS said.

    Attributes:
        x: its best solution, or None.
        bound: of the objective; infinite on the good side where it has none.
        row_dual: duals of a linear program.
        feasible: False where it proved that there is no solution.
        ended: whether it ended by itself.
    """

    x: Floats | None
    bound: float
    row_dual: Floats
    feasible: bool
    ended: bool


@cache
def solver_name() -> str:
    """Return `HiGHS` with its version."""
    import highspy  # noqa: PLC0415  a page that sites nothing does not load a solver

    return f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]  # its constructor is untyped


def solve(program: Program, clock: Clock, *, start: Floats | None = None, target: float | None = None) -> Found:
    """Solve an integer program, or a linear one where no column is whole.

    Args:
        program: what to solve.
        clock: how long; its `tell` is told, its `stop` asked.
        start: a solution to start from.
        target: stop as soon as a solution this good is found, or proven not to exist.
    """
    return _run(program, clock, start=start, target=target, relaxed=False)


def relax(program: Program, clock: Clock) -> Found:
    """Solve the program with all columns continuous, by interior points without crossover: duals come soon and near."""
    return _run(program, clock, start=None, target=None, relaxed=True)


def _run(program: Program, clock: Clock, *, start: Floats | None, target: float | None, relaxed: bool) -> Found:
    """Hand it over, run, and read what came out."""
    import highspy  # noqa: PLC0415  as above

    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its constructor is untyped
    whole = bool(program.integer.any()) and not relaxed
    options: dict[str, Any] = {
        "output_flag": False, "time_limit": max(clock.left, 0.05), "threads": _THREADS, "random_seed": 0,
        "mip_rel_gap": 0.0, "mip_abs_gap": 1e-7,
    }
    options |= {"solver": "ipm", "run_crossover": "off"} if relaxed else {}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(highspy, program, whole))
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        solver.setSolution(given)
    _watch(solver, program, clock, target if whole else None)
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    kinds = highspy.HighsModelStatus
    worst = np.inf if program.maximise else -np.inf
    bound = float(info.mip_dual_bound if whole else info.objective_function_value if status == kinds.kOptimal else worst)
    there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible or status == kinds.kOptimal
    answer = solver.getSolution()
    return Found(
        np.asarray(answer.col_value) if there else None, bound if np.isfinite(bound) else worst,
        np.asarray(answer.row_dual), status not in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible},
        status in {kinds.kOptimal, kinds.kInfeasible, kinds.kUnboundedOrInfeasible},
    )


def _model(highspy: Any, program: Program, whole: bool) -> Any:
    """Return the program as HiGHS keeps one."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), program.rows.rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.low, program.high
    lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.rows.start.astype(np.int32)
    lp.a_matrix_.index_ = program.rows.index.astype(np.int32)
    lp.a_matrix_.value_ = np.ones(len(program.rows.index)) if program.rows.value is None else program.rows.value
    if whole:
        kind = highspy.HighsVarType
        lp.integrality_ = [kind.kInteger if one else kind.kContinuous for one in program.integer.tolist()]
    lp.sense_ = highspy.ObjSense.kMaximize if program.maximise else highspy.ObjSense.kMinimize
    return lp


def _watch(solver: Any, program: Program, clock: Clock, target: float | None) -> None:
    """Let the clock's owner see and stop the solve; each solver of HiGHS asks at its own pace."""
    better = 1.0 if program.maximise else -1.0
    near = 0.0 if target is None else PROVEN * max(1.0, abs(target))

    def asked(event: Any) -> None:
        if clock.over:
            event.interrupt()

    def looked(event: Any) -> None:
        best, bound = float(event.data_out.mip_primal_bound), float(event.data_out.mip_dual_bound)
        clock.say(best, bound)
        met = target is not None and (better * (best - target) >= -near or better * (bound - target) < -near)
        if met or clock.over:
            event.interrupt()

    solver.cbMipInterrupt += looked
    solver.cbSimplexInterrupt += asked
    solver.cbIpmInterrupt += asked
