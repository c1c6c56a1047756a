"""A whole siting answer as one document: the command line prints it with --json, the page hands it over."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geodata.answer_json import Json, document_of, records_of, sources_of
from geodata.district import District
from geodata.siting_answer import Sited
from geodata.siting_ties import Ties
from geodata.siting_words import method_of, sentences_of


def siting_document(district: District, sited: Sited, *, parameters: Mapping[str, object], data_hashes: Mapping[str, str], wishes: Mapping[str, Any] | None = None,
                    curve: pd.DataFrame | None = None, ties: Ties | None = None, **more: object) -> Json:
    """Return the document of an answer.

    Args:
        district: where.
        sited: the answer.
        parameters: what was asked, as it was asked.
        data_hashes: of the data it was worked out from.
        wishes: what wishes cost (`siting_wishes.cost_of_wishes`).
        curve: the marginal curve, where it was asked for.
        ties: the equally good choices, where they were asked for.
        more: what else the document says beside the result.
    """
    result: dict[str, object] = dict(sited.facts())
    for name in ("sites", "reaches", "uncoverable", "unmet", "cause"):
        result[name] = records_of(getattr(sited, name))
    if wishes is not None:
        result["wishes"] = wishes
    if curve is not None:
        result["curve"] = records_of(curve)
    if ties is not None:
        result["alternatives"] = {"others": ties.others, "sites": records_of(ties.sites)}
    return document_of(result, parameters=parameters, sources=sources_of(district), data_hashes=data_hashes, demonstration=sited.demonstration,
                       sentences=sentences_of(district, sited), method=method_of(sited), **more)
