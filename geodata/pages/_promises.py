"""What the ledger page shows of each commitment, in both languages, and which commitments a filter keeps."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata.asking.ledger import PERIODS, family_of, group_order, period_of
from geodata.completion import balance_told, told_later, told_until
from geodata.district import District
from geodata.ledger import (
    EFFECTS,
    GROUPS,
    KINDS,
    UNITS,
    amount_text,
    balance,
    completed_as_of,
    programme_counts,
    wholes,
)
from layers import Text

_MONEY: Final = frozenset({"元", "万元", "亿元"})
_COUNTS: Final = ("located", "proposed", "unlocated", "beyond", "completed")


def records(district: District) -> list[dict[str, Any]]:
    """Return one plain record a commitment, in the order of the ledger."""
    ledger = district.ledger
    counts = balance_told(district)
    dates = completed_as_of(ledger, district.sites)
    links = _Links(ledger)
    names = {row["id"]: _both(Text(row["zh"], row["en"])) for row in _rows(ledger)}
    later = told_later(district)
    return [
        {
            "id": row["id"], "name": _both(Text(row["zh"], row["en"])), "group": row["group"], "kind": row["kind"],
            "amount": _both(amount_text(row["quantity"], row["unit"], row["comparator"])),
            "effect": row["effect"], "quote": row["quote"], "section": row["section"], "inferred": bool(row["inferred"]),
            "note": _both(Text(row["note_zh"], row["note_en"])), "links": list(links.of(row)),
            "layer": row["layer"], "map_name": names[row["same_as"] or row["id"]],
            "counts": {name: _count(tally[name]) for name in _COUNTS} if _count(tally["located"]) is not None else None,
            "as_of": dates.at[label] or later.get(row["same_as"] or row["id"], ""), "unit": _both(_unit_of(row)), "counted_in": _both(_counted_in(row, names)),
        }
        for label, row, tally in zip(ledger.index, _rows(ledger), _rows(counts), strict=True)
    ]


def _unit_of(row: Mapping[str, Any]) -> Text:
    """Return the unit of amounts that are not places, empty for places."""
    return Text("", "") if row["unit_is_place"] or not row["unit"] else UNITS.get(row["unit"], Text(row["unit"], row["unit"]))


def _counted_in(row: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> Text:
    """Return under which commitment the places of a part are counted, empty where the row is no part of places."""
    whole = names.get(row["part_of"])
    if whole is None or row["unit"] in _MONEY:
        return Text("", "")
    return Text(f"点位计入“{whole['zh']}”", f"places counted under \"{whole['en']}\"")


class _Links:
    """The sentences that tie rows together: the same promise, another side of it, its parts."""

    def __init__(self, ledger: pd.DataFrame) -> None:
        self._rows = {row["id"]: row for row in _rows(ledger)}
        self._twice = {row["same_as"]: row["id"] for row in self._rows.values() if row["same_as"]}
        self._wholes = {row["id"]: row for row in _rows(wholes(ledger))} if (ledger["part_of"] != "").any() else {}

    def of(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield a row's sentences, each with the row it speaks of."""
        for field, said in (
            ("same_as", Text("与“{name}”（{group}）是同一承诺，只计一次。", "The same promise as \"{name}\" ({group}); counted once.")),
            ("of", Text("说的是“{name}”{amount}，不另计数。", "Speaks of \"{name}\"{amount}; not counted again.")),
            ("part_of", Text("是“{name}”{amount}的一部分。", "Part of \"{name}\"{amount}.")),
        ):
            if row[field]:
                yield self._sentence(said, row[field])
        if row["id"] in self._twice:
            yield self._sentence(Text("“{name}”（{group}）说的是同一件事。", "\"{name}\" ({group}) speaks of the same thing."), self._twice[row["id"]])
        if row["id"] in self._wholes:
            yield {"text": _both(self._sum(row, self._wholes[row["id"]])), "to": ""}

    def _sentence(self, said: Text, other: str) -> dict[str, Any]:
        row = self._rows[other]
        amount = amount_text(row["quantity"], row["unit"], row["comparator"])
        told = Text(f"（{amount.zh}）" if amount.zh else "", f" ({amount.en})" if amount.en else "")
        return {"text": _both(said.format(name=Text(row["zh"], row["en"]), group=GROUPS[row["group"]], amount=told)), "to": other}

    def _sum(self, row: Mapping[str, Any], whole: Mapping[str, Any]) -> Text:
        """Return how the parts add up to the whole; a part without a number counts as one."""
        total = amount_text(row["quantity"], row["unit"])
        parts = [self._rows[part] for part in whole["parts"]]
        held = Text("相符", "it adds up") if whole["reconciles"] else Text("不相符，请核对", "it does not add up: check")
        if all(np.isnan(part["quantity"]) for part in parts):
            names = Text("、".join(part["zh"] for part in parts), "; ".join(part["en"] for part in parts))
            return Text("所指：{names}，共 {n} 项，{held}。", "Meant are {names}: {n} in all, {held}.").format(names=names, n=len(parts), held=held)
        amounts = [(amount_text(part["quantity"], part["unit"]), part) for part in parts]
        sums = Text(" + ".join(f"{amount.zh}（{part['zh']}）" for amount, part in amounts), " + ".join(f"{amount.en} ({part['en']})" for amount, part in amounts))
        return Text("{total} = {sums}，{held}。", "{total} = {sums}: {held}.").format(total=total, sums=sums, held=held)


def document(district: District, not_promises: pd.DataFrame) -> dict[str, Any]:
    """Return everything of the page that no filter changes."""
    counts = programme_counts(district.ledger, district.sites)
    return {
        "groups": [{"key": group, "name": _both(GROUPS[group]), "family": _both(family_of(group)), "period": period_of(group)} for group in group_order()],
        "periods": [{"key": key, **_both(name)} for key, name in PERIODS.items()],
        "kinds": [{"key": key, **_both(name)} for key, name in KINDS.items()],
        "effects": {key: _both(name) for key, name in EFFECTS.items()},
        "rows": records(district), "told_until": told_until(district),
        "year": {"promised": counts.promised, "located": counts.located, "approximate": counts.approximate, "proposed": counts.proposed,
                 "unlocated": counts.unlocated, "beyond": counts.beyond, "completed": counts.completed, "completed_as_of": _year_as_of(district, counts.year), "named": counts.named_beside},
        "results": results_2021(district),
        "not_promises": [
            {"numeral": row["numeral"], "quote": row["quote"], "reason": _both(Text(str(row["reason_zh"]), str(row["reason_en"])))}
            for row in not_promises.to_dict("records")
        ],
    }


def _year_as_of(district: District, year: int) -> str:
    """Return the latest date at which anything after the document was told of the places promised for `year`."""
    ours = set(district.ledger.loc[(district.ledger["year"] == year).fillna(value=False).astype(bool) & (district.ledger["kind"] == "target"), "id"])
    return max((date for key, date in told_later(district).items() if key in ours), default="")


def results_2021(district: District) -> dict[str, Any]:
    """Return what 2021 achieved that stands somewhere: places, located ones, completed ones, as of when, all its entries, and how many of them are background."""
    ledger = district.ledger
    group = ledger["group"] == "achievement_2021"
    ours = group & (ledger["kind"] == "done")
    places = ours & (ledger["unit_is_place"] | ledger["quantity"].isna()) & (ledger["layer"] != "") & (ledger["of"] == "") & (ledger["same_as"] == "")
    sums = balance(ledger, district.sites)[places][["located", "proposed", "unlocated", "completed"]].sum()
    dates = completed_as_of(ledger, district.sites)[places]
    return {"entries": int(group.sum()), "background": int((group & ~ours).sum()), "as_of": max(dates, default=""), **{str(name): _count(value) for name, value in sums.items()}}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _count(value: float) -> float | int | None:
    """Return a count as JSON takes it, None where there is none."""
    return None if np.isnan(value) else int(value) if float(value).is_integer() else round(float(value), 4)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
