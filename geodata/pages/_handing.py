"""Documents handed over from a page: asked for by a button, made in another process, kept for who asks the same, saved by a link."""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

import streamlit as st

from geodata import documents
from geodata.document_work import Made, Order, make_atlas
from geodata.errors import ChanheError
from geodata.exports import made_at
from geodata.jobs import JOBS, Job
from geodata.markings import markings
from geodata.pages._page import Visit
from geodata.selecting import Selection
from geodata.serving import MADE
from layers import Text

Wish = Mapping[str, Any]
"""What a button asks for: `key` of the format, `paper`, `scope`, and what the page that offers it needs to know."""
WORDS: Final[Mapping[str, Text]] = {
    "files_what": Text("内容", "What"),
    "files_atlas": Text("图集", "Atlas"),
    "files_atlas_about": Text("总图一页，有项目的图层各一页；建议选 A4 或 A3 的 PDF。", "One map of all, then one page a layer that has sites; best as a PDF on A4 or A3."),
    "files_demo": Text("含示意点（随机抽取，不代表选址）", "With demo sites (drawn at random, not chosen places)"),
    "files_paper": Text("版面", "laid out on"),
    "files_none": Text("还没有可用的文件格式。", "No file format is available."),
    "files_queued": Text("排队等待：前面的任务完成后开始…", "Waiting for tasks before it…"),
    "files_making": Text("正在生成 {name}…", "Making {name}…"),
    "files_made": Text("已生成 {name}（{size}）。", "{name} is made ({size})."),
    "files_again": Text("没有自动下载？点这里。", "Nothing was downloaded? Press here."),
    "files_failed": Text("没有生成：{why}", "Not made: {why}"),
    "files_stop": Text("停止", "Stop"),
}
_LOST: Final = Text("没有得到文件。请再试一次。", "No file came back. Try again.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a document waits for before it can be begun.

    Attributes:
        share: how far that is, 0 to 1.
        said: what is being done.
    """

    share: float
    said: Text


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a visit asks for documents one at a time; what is asked and what came of it lie in the visit's session.

    Attributes:
        name: one for each place of the product that offers documents.
    """

    name: str

    def ask(self, act: Mapping[str, Any]) -> None:
        """Take note that a document is wanted; a format that nobody offers is not."""
        document = documents.every_document().get(str(act.get("key")))
        if document is None or act.get("paper") not in document.papers:
            return
        st.session_state[self._wish] = dict(act)
        st.session_state.pop(self._made, None)

    def stop(self) -> None:
        """Want nothing any more, and show nothing of what was made."""
        job = self.busy
        if job is not None:
            JOBS.leave(job)
        for name in (self._job, self._wish, self._made):
            st.session_state.pop(name, None)

    @property
    def wish(self) -> Wish | None:
        """What is wanted and not yet made."""
        wish: Wish | None = st.session_state.get(self._wish)
        return wish

    @property
    def busy(self) -> Job | None:
        """The job under way in this visit."""
        job: Job | None = st.session_state.get(self._job)
        return job

    def told(self, visit: Visit, begin: Callable[[Wish], Job | Waiting]) -> dict[str, Any]:
        """Return what the script shows of the document asked for: how far it is, where it lies, or why there is none.

        Args:
            visit: the present visit.
            begin: begins it, see `job`, or says what it waits for; a ChanheError it raises is why there is none.
        """
        wish = self.wish
        if wish is None:
            return {"making": None, "made": st.session_state.get(self._made)}
        try:
            job = begin(wish)
        except ChanheError as error:
            return self._failed(visit, error.message)
        if isinstance(job, Waiting):
            return {"making": {"share": job.share, "text": visit.say(job.said)}, "made": None}
        if not job.ended.is_set():
            word = WORDS["files_queued"] if job.state == "waiting" else WORDS["files_making"].format(name=documents.every_document()[wish["key"]].name)
            return {"making": {"share": job.share, "text": visit.say(word)}, "made": None}
        if job.error is not None or job.result is None:
            return self._failed(visit, job.error.message if job.error else _LOST)
        return self._handed(visit, job.result, wish)

    def job(self, visit: Visit, wish: Wish, content: Hashable, work: Callable[..., Made], *args: object) -> Job:
        """Return the job that makes a document; equal content, format, language and day are one job for all visitors.

        Args:
            visit: the present visit.
            wish: what is wanted.
            content: what decides the document beside format, layout, language, day and markings.
            work: a task of `geodata.document_work`, called with `args`.
            args: what it is given.
        """
        key = ("document", visit.district.stamp, content, wish["key"], wish["paper"], visit.lang, f"{made_at():%Y-%m-%d}", *markings(visit.district, visit.settings))
        held = self.busy
        if held is not None and held.key == key:
            return held
        if held is not None:
            JOBS.leave(held)
        st.session_state[self._job] = JOBS.start(key, work, *args)
        return st.session_state[self._job]  # type: ignore[no-any-return]  # put there a line above

    @property
    def _wish(self) -> str:
        return f"{self.name}_wish"

    @property
    def _job(self) -> str:
        return f"{self.name}_document"

    @property
    def _made(self) -> str:
        return f"{self.name}_made"

    def _handed(self, visit: Visit, made: Made, wish: Wish) -> dict[str, Any]:
        """Put the file where a link reaches it, and say so."""
        for name in (self._wish, self._job):
            st.session_state.pop(name, None)
        name = hashlib.sha256(made.content).hexdigest()[:24]
        MADE.publish(name, made.content)
        size = f"{len(made.content) / 1e6:.1f} MB" if len(made.content) > 1e5 else f"{len(made.content) / 1e3:.0f} KB"
        said = {"nonce": wish.get("nonce"), "url": f"made/{name}/{quote(made.name)}", "name": made.name, "text": visit.say(WORDS["files_made"].format(name=made.name, size=size))}
        st.session_state[self._made] = said
        return {"making": None, "made": {**said, "fresh": True}}

    def _failed(self, visit: Visit, why: Text) -> dict[str, Any]:
        """Say why there is none."""
        nonce = (st.session_state.pop(self._wish, None) or {}).get("nonce")
        st.session_state.pop(self._job, None)
        st.session_state[self._made] = {"nonce": nonce, "failed": visit.say(WORDS["files_failed"].format(why=why))}
        return {"making": None, "made": st.session_state[self._made]}


def offered(visit: Visit) -> list[dict[str, Any]]:
    """Return every format there is, with what it can be laid out on, the usual one first."""
    return [{"key": document.key, "name": visit.say(document.name), "papers": [{"key": paper, "name": visit.say(documents.PAPERS[paper])} for paper in document.papers]}
            for document in documents.every_document().values()]


def order_of(visit: Visit, wish: Wish) -> Order:
    """Return how a document is wanted."""
    return Order(wish["key"], visit.lang, wish["paper"])


def begin_atlas(counter: Counter, visit: Visit, wish: Wish, selection: Selection) -> Job:
    """Begin an atlas of what a filter shows, one page a layer; with demo sites only where the wish ticks them."""
    asked = replace(selection, stand_ins=bool(wish.get("demo")) and visit.district.is_sketch)
    return counter.job(visit, wish, ("atlas", asked), make_atlas, visit.district, asked, visit.settings, order_of(visit, wish))
