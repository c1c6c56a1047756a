"""What the presenter says to each slide of the ready story, and where its numbers come from; no figure stands here."""

from collections.abc import Mapping
from typing import Final

from layers import Text

_SAID: Final[Mapping[str, Text]] = {
    "title": Text("先说清来历：承诺出自政府工作报告和十大民生实事，区界是法定区界。\n再说今天讲什么：承诺了什么、落在哪里、还缺什么。",
                  "Say first where it comes from: the promises are those of the government work report and its ten livelihood items, the boundary is the statutory one.\nThen what follows: what was promised, where it stands, what is missing."),
    "promises": Text("每一条都有报告原文，台账页点开就能看到。\n户、根、人次各按自己的单位，不相加；没有数字的承诺也在列。",
                     "Every entry carries the report's own words; open it on the page Ledger.\nHouseholds, piles and visits keep their own units and are not added up; promises without a number are listed too."),
    "ledger": Text("只讲已落位、建议、待落位三种状态，三者相加等于承诺的处数。\n数字来自台账；上一年度的成绩另计，不与当年相加。",
                   "Speak of three states: located, proposed, not yet located; together they make the places promised.\nThe numbers come from the ledger; results of the year before are counted apart and never added."),
    "waiting": Text("这一页是请各单位带走的作业：每一类需要谁给位置。\n“可向谁要”是按职责推断的，报告没有写明，请当场更正。",
                    "This is what the offices take home: whose positions are needed for each kind.\nWhom to ask is inferred from what such offices usually do, not said in the report; ask for corrections on the spot."),
    "demonstration": Text("停一下再翻页：以下都是演示，只说明位置到齐后能回答哪些问题，不要引用其中的数字。",
                          "Pause here: all that follows is a demonstration of what can be answered once positions arrive; none of its numbers should be quoted."),
    "layers": Text("说明图例：实心是已落位，空心虚线是示意点。\n图例后的数是图上的点数，不是完成数。",
                   "Explain the legend: solid marks are located, hollow dashed ones are demo sites.\nThe numbers beside the legend count marks on the map, not what is finished."),
    "coverage-micro-fire-stations": Text("口径是队员到场，不是居民走来；步行、跑步、电动车三行并列，步行最保守。\n比例 = 标准距离内的居民 ÷ 全部居民，沿街道计算。",
                                         "It asks whom a crew reaches, not who walks to a station; walk, run and e-bike stand side by side, the walk flatters least.\nThe share is residents within the standard over all residents, measured along the streets."),
    "coverage-public-toilets": Text("沿街道走的距离，不是直线距离；表里并列直线覆盖，可以看出差多少。\n新建和改建都算服务点，改建不算新增覆盖。",
                                    "Distances run along the streets; the straight-line share stands beside them to show the difference.\nNew and rebuilt ones both serve; rebuilt ones never count as newly covered."),
    "openings": Text("先讲单独打通的排序，再讲排序稳不稳。\n作用小不等于没接通：行人可能本来就过得去，断头路是对车而言的。",
                     "Tell the ranking of each opening alone, then whether it holds.\nA small effect does not mean it is not connected: walkers may pass already, a dead end is one for vehicles."),
    "stations": Text("这是在给定候选点里求出的最好摆法；是否已证明，看第二句和页脚小字。\n候选点、标准或数量一变，答案就变，欢迎当场改条件再算。",
                     "This is the best choice among the candidates given; the second sentence and the small print say whether that is proven.\nOther candidates, another standard or number give another answer: change them on the spot."),
}
_REHEARSED: Final = ("layers", "coverage-micro-fire-stations", "coverage-public-toilets", "openings", "stations")
_SKETCH: Final = Text("这一页是演示：路网、人口或点位为示意，不对任何真实地点下结论。",
                      "This slide is a demonstration: streets, people or sites are a sketch, and it says nothing about any real place.")


def note_of(view: str, *, sketch: bool) -> Text:
    """Return the note to a view of the ready story by its id; empty where there is nothing to say."""
    said = _SAID.get(view, Text("", ""))
    if not sketch or view not in _REHEARSED:
        return said
    return Text(f"{_SKETCH.zh}\n{said.zh}", f"{_SKETCH.en}\n{said.en}")
