"""The ledger page: every promise of the report in its own words, and how much of it has a place."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from geodata import serving
from geodata.asking.ledger import PARAMETERS, LedgerFilter
from geodata.completion import UNKNOWN, UNTIL, balance_told
from geodata.district import District
from geodata.drawing import blob
from geodata.exports import Meta, meta_of
from geodata.ledger import beside_sentence, programme_counts, read_not_promises, strip_sentence
from geodata.packs import MANIFEST, embedded_folder, read_pack
from geodata.pages import _promises
from geodata.pages._files import Offer, show_offer
from geodata.pages._page import Page, Visit
from geodata.pages._panel import asked_now, show_panel
from geodata.settings import Settings
from layers import Text

_KEY: Final = "ledger"

WORDS: Final[Mapping[str, Text]] = {
    "title": Text("台账", "Ledger"),
    "lead": Text("报告的每一条承诺和成绩，照原文录入；旁边是它落在地图上的进展。", "Every promise and result of the report in its own words, beside how much of it has a place on the map."),
    "promised_2022": Text("2022 年承诺的地点", "Places promised for 2022"),
    "results_2021": Text("2021 年成绩", "Results of 2021"),
    "results_sentence": Text("台账 {entries} 条{background}；其中落在具体地点的 {places} 处：已完成 {completed}，已落位 {located} · 待落位 {unlocated}。", "{entries} entries{background}; of them {places} places: completed {completed}, located {located} · not yet located {unlocated}."),
    "results_background": Text("（含 {n} 条背景，如 2022 年的 3 例阳性病例，不是成绩）", " ({n} of them background and no result, dated 2022: the 3 positive cases)"),
    "unknown": UNKNOWN,
    "told_until": UNTIL,
    "not_places": Text("1 个点位，按{unit}计，不是处数", "one site, counted in {unit}, not places"),
    "our_words": Text("我们的译文", "our translation"),
    "results_apart": Text("与 2022 年承诺分开计，从不相加。", "Counted apart from the promises of 2022, never added to them."),
    "as_of": Text("截至 {date}", "as of {date}"),
    "located": Text("已落位", "Located"),
    "proposed": Text("建议", "Proposed"),
    "unlocated": Text("待落位", "Not yet located"),
    "beyond": Text("超出承诺", "beyond the promise"),
    "completed": Text("已完成", "Completed"),
    "promised": Text("承诺", "Promised"),
    "amount": Text("数量", "Amount"),
    "item": Text("事项与报告原文", "Commitment, in the report's words"),
    "map": Text("地图", "Map"),
    "on_map": Text("看地图", "On the map"),
    "on_map_label": Text("在地图上看“{name}”", "Show \"{name}\" on the map"),
    "no_place": Text("不涉及地点", "not a place"),
    "no_number": Text("未写数量", "no number given"),
    "inferred": Text("推断", "inferred"),
    "inferred_why": Text("报告没有明写，是据文意推断的", "not said outright by the report, inferred from its words"),
    "context": Text("背景", "background"),
    "search": Text("搜索原文、事项或说明", "Search words, promises or notes"),
    "period": Text("时间", "Time"),
    "kind": Text("性质", "Kind"),
    "group": Text("篇章", "Part of the report"),
    "all": Text("全部", "All"),
    "all_groups": Text("全部篇章", "All parts"),
    "places_only": Text("只看落在地点上的", "Only promises with a place"),
    "shown": Text("显示 {n} 条，共 {all} 条", "{n} of {all} entries"),
    "clear": Text("清除筛选", "Clear filters"),
    "no_ledger": Text("正在使用的数据包没有台账：它说的是另一个区，或只含路网与设施。", "The pack in use has no ledger: it is of another district, or holds streets and facilities alone."),
    "nothing": Text("没有符合条件的条目。", "No entry matches."),
    "entries": Text("{n} 条", "{n} entries"),
    "entry": Text("{n} 条", "{n} entry"),
    "not_promises": Text("报告中不作承诺的数字（{n} 处）及理由", "Numerals of the report that are neither promise nor result ({n}), and why"),
    "not_promises_lead": Text("报告里每一个数字，或在上面的台账里，或在这里。", "Every numeral of the report stands either in the ledger above or here."),
    "numeral": Text("数字", "Numeral"),
    "words": Text("原文", "Words"),
    "reason": Text("理由", "Reason"),
    "source": Text("出处：{title}（{publisher}，{date}）。引文一字未改，标点从报面。", "Source: {title} ({publisher}, {date}). Quotes are unchanged, in the page's own punctuation."),
    "filters": Text("查找与筛选", "Search and filters"),
}
METHOD: Final = (
    Text("每条承诺一行，quote 为报告原文，一字未改；located + proposed + unlocated = quantity + beyond，示意点不计入。",
         "One row a commitment, quote in the report's own words; located + proposed + unlocated = quantity + beyond, demo sites never counted."),
    Text("same_as 所指为同一承诺，只计一次；of 与 part_of 说的是另一行，不另计数；2021 年成绩与 2022 年承诺不相加。",
         "same_as names the row of the same promise, counted once; of and part_of speak of another row and are not counted again; results of 2021 and promises of 2022 are never added."),
)


def show(visit: Visit) -> None:
    """Show the ledger."""
    asked = asked_now(_KEY, PARAMETERS)
    district = visit.district
    kept = LedgerFilter.of(asked).keeps(district.ledger)
    name, content = _document(district, not_promises_file(visit.settings))
    serving.BLOBS.publish(name, content)
    counts = programme_counts(district.ledger, district.sites)
    if len(district.ledger):
        with st.container(key="ledger_files", horizontal=True):
            show_offer(visit, _offer(district, asked, kept), key="ledger_file", named=False)
    show_panel("promises", key=_KEY, visit=visit, asked=asked, words=WORDS, data={
        "facts": f"blob/{name}", "shown": list(district.ledger.loc[kept, "id"]),
        "sentence": visit.say(strip_sentence(counts, demo_sites=False)), "beside": visit.say(beside_sentence(counts)),
        "document": {"title": "", "publisher": "", "date": "", **{k: v for k, v in district.document.items() if isinstance(v, str)}},
    })


def _offer(district: District, asked: Mapping[str, str], kept: pd.Series) -> Offer:
    """Return the rows the filter shows, as the command line prints them."""
    def meta() -> Meta:
        return meta_of(district, title=WORDS["title"], query={"ledger": "", **asked}, method=METHOD,
                       sources=[source for source in district.sources if source.part in {"ledger", "sites"}])

    return Offer("chanhe-ledger", WORDS["title"], ("csv", "xlsx"), lambda: balance_told(district)[kept], meta)


def not_promises_file(settings: Settings) -> Path | None:
    """Return the file of the numerals that promise nothing in the pack in use, or None."""
    folder = settings.pack_folder
    pack = read_pack(folder if (folder / MANIFEST).exists() else embedded_folder())
    return pack.files.get("not_promises")


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={District: lambda district: district.stamp})
def _document(district: District, not_promises: Path | None) -> tuple[str, bytes]:
    """Return name and content of everything that no filter changes."""
    numerals = read_not_promises(not_promises) if not_promises and not_promises.exists() else pd.DataFrame(columns=["numeral", "quote", "reason_zh", "reason_en"])
    told: dict[str, Any] = _promises.document(district, numerals)
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
    return blob(content, ".json"), content


PAGE = Page("ledger", WORDS["title"], show, bare=True)
