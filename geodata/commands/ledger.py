"""`ledger`: what was promised beside what has a place."""

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from geodata.answer_json import sources_of
from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import open_district, parameters_of
from geodata.commands._parser import Parser
from layers import Text

if TYPE_CHECKING:
    import pandas as pd

_HEADING = (Text("编号", "Id"), Text("承诺", "Commitment"), Text("年份", "Year"), Text("数量", "Amount"), Text("已落位", "Located"), Text("建议", "Proposed"),
            Text("待落位", "Not yet located"), Text("超出", "Beyond"), Text("完成", "Completed"))


def _options(parser: Parser) -> None:
    del parser  # it has none of its own


def _run(options: Namespace, console: Console) -> None:
    from geodata.completion import UNKNOWN, balance_told, is_unknown
    from geodata.exports._cells import plain
    from geodata.ledger import GROUPS, amount_text, beside_sentence, programme_counts, strip_sentence

    district, hashes = open_district(options)
    table = balance_told(district)
    rows = [{str(name): plain(value) for name, value in row.items()} for row in table.to_dict("records")]
    console.document(rows, parameters=parameters_of(options), sources=sources_of(district), data_hashes=hashes, document=dict(district.document))
    if table.empty:
        console.say(Text("这个数据包没有承诺台账。", "This pack has no ledger."))
        return
    if "quantity" in table:
        counts = programme_counts(district.ledger, district.sites)
        console.say(strip_sentence(counts, demo_sites=False))
        console.say(beside_sentence(counts))
    for group, part in table.groupby("group", sort=False):
        console.say()
        console.say(GROUPS.get(str(group), Text(str(group), str(group))))
        console.table(_HEADING, [
            (row["id"], Text(row["zh"], row["en"]), str(plain(row["year"]) or "—"), amount_text(float(row["quantity"]), row["unit"], row["comparator"]),
             *(plain(row[name]) for name in ("located", "proposed", "unlocated", "beyond")), UNKNOWN if is_unknown(row) else plain(row["completed"])) for row in _records(part)])
    console.say()
    console.say(Text("同一承诺说两次的（same_as）只计一次；报告原文见 --json 的 quote。",
                     "A promise said twice (same_as) counts once; the report's own words are under quote with --json."))


def _records(part: "pd.DataFrame") -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in part.to_dict("records")]


COMMAND = Command(
    name="ledger",
    help=Text("承诺台账：承诺、已落位、建议、待落位、完成", "the ledger: promised, located, proposed, not yet located, completed"),
    options=_options,
    run=_run,
    order=30,
    example="ledger --json",
)
