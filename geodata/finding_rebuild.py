"""How a coverage report is made anew: the command that asks it again, hashes and versions; for paper, workbook and JSON."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from geodata.findings import Asked
from geodata.question import DEFAULT_ACCESS_M, DEFAULT_SPEED_M_PER_S
from geodata.sheets import Column, Sheet
from layers import Lang, Text

SCENARIO: Final = "scenario.geojson"
"""What the scenario is called in a report's folder."""
CHECK: Final = "python -m geodata report --rebuild ."
WORDS: Final = (
    Text("下面第一条命令用今天的数据按同样的参数另做一份报告；第二条按 report.json 中的记录重新计算，逐个数字、逐张表比较（容差见命令输出），并说明数据或版本是否变了。都在本报告的文件夹中运行；所用数据包不是默认的，加 --pack。",
         "The first command below makes the report anew from today's data with the same parameters; the second works out again what report.json recorded, compares number by number and table by table "
         "within a tolerance, and says whether data or versions changed. Run them in this report's folder, with --pack where the data are not those in use."),
    Text("数据与版本相同，数字和表格就相同；文件逐字节相同还须设同样的 SOURCE_DATE_EPOCH。第一条命令也在 report.json 的 command 中。", "The same data and versions give the same numbers and tables; equal bytes also need the same SOURCE_DATE_EPOCH. The first command also stands in report.json, under command."),
)


@dataclass(frozen=True)
class Imprint:
    """What a report says of itself.

    Attributes:
        lang: its language.
        made_at: when it was made.
        hashes: of the data, by part; `district` is the stamp.
        versions: of the product and what it runs on.
        approval: 审图号, or what is printed while there is none.
        grade: security grade, or empty.
    """

    lang: Lang
    made_at: datetime
    hashes: Mapping[str, str]
    versions: Mapping[str, str]
    approval: Text
    grade: Text


def query_of(asked: Asked) -> dict[str, str]:
    """Return what is asked under the names of the command line, each as it is written there; what has no value is empty."""
    question = asked.question
    told = {name: _told(value) for name, value in question.parameters().items() if value is not None}
    usual = {"speed": question.speed_m_per_s == DEFAULT_SPEED_M_PER_S, "turnout": not question.turnout_min, "access": question.access_m == DEFAULT_ACCESS_M}
    told = {name: value for name, value in told.items() if not usual.get(name)}
    flags = {"what-if": SCENARIO if asked.changes else None, "no-stand-ins": None if asked.stand_ins else "", "stand-ins": "" if asked.demo_sites else None}
    return told | {name: value for name, value in flags.items() if value is not None}


def command_of(asked: Asked, lang: Lang) -> str:
    """Return the one line that makes a report anew, to be run in the folder of the old one."""
    words = [word for name, value in query_of(asked).items() for word in (f"--{name}", *([value] if value else []))]
    return shlex.join(["python", "-m", "geodata", "report", *words, "--lang", lang, "--out", "again"])


def facts_of(imprint: Imprint) -> Iterator[Sheet]:
    """Yield the hashes of the data and the versions."""
    for key, title, facts in (("hashes", Text("数据指纹（SHA-256 或数据包指纹）", "Hashes of the data (SHA-256, or the pack's stamp)"), imprint.hashes), ("versions", Text("版本", "Versions"), imprint.versions)):
        columns = (Column("name", Text("项目", "What"), copied=True), Column("value", Text("取值", "Value"), part=3.2, copied=True))
        yield Sheet(key, title, columns, tuple((name, value) for name, value in facts.items()), ("name",))


def rebuild_sheet(asked: Asked, imprint: Imprint) -> Sheet:
    """Return all of it as one sheet of a workbook."""
    columns = (Column("group", Text("类别", "Group")), Column("name", Text("项目", "What")), Column("value", Text("取值", "Value")))
    commands = ((Text("另做一份", "to make it anew"), command_of(asked, imprint.lang)), (Text("重新核对", "to check it"), CHECK))
    rows: list[tuple[Text | str, ...]] = [*((Text("命令", "Command"), name, line) for name, line in commands), (Text("日期", "Date"), Text("生成时间", "made at"), imprint.made_at.isoformat()),
            *((sheet.title, str(row[0]), str(row[1])) for sheet in facts_of(imprint) for row in sheet.rows)]
    return Sheet("rebuild", Text("怎样重新生成", "How to rebuild it"), columns, tuple(rows), ("group", "name"), WORDS[0])


def _told(value: object) -> str:
    """Return a value as the command line takes it; a distance keeps every digit."""
    return ",".join(map(_told, value)) if isinstance(value, list) else f"{value:.15g}" if isinstance(value, float) else str(value)
