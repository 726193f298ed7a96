"""`policy-monitor sources catalogue`, `enable` and `disable`: what there is, and what is watched of it."""

import difflib
from typing import Annotated, NoReturn

import typer

from monitor.cli.sources import group
from monitor.cli.terminal import ConfigOption, configuration, err, out, table, words
from monitor.config.model import Config
from monitor.config.overlay import OVERLAY, change_entry
from monitor.config.selection import Why
from monitor.opening import load_vocabulary
from monitor.sources.catalogue import CatalogueEntry, Evidence, UnknownFacetError, catalogue, select

FacetsArgument = Annotated[list[str] | None, typer.Argument(metavar="[FACET]...")]
IdsArgument = Annotated[list[str], typer.Argument(metavar="ID...")]

_GRADES = {
    Evidence.SEEN: words("见过可用", "seen"),
    Evidence.REPORTED: words("有人报告", "reported"),
    Evidence.UNVERIFIED: words("未证实", "unverified"),
}
_WHY = {
    Why.UNVERIFIED: words("待验证", "to be verified"),
    Why.FAILED: words("验证失败", "failed"),
    Why.UNUSABLE: words("没有网址", "no address"),
}


@group.command(
    "catalogue", help=words("来源目录：按名称、省份、机构等查看", "the ready-made sources, all or by facet")
)
def show_catalogue(facets: FacetsArgument = None, config: ConfigOption = None) -> None:
    """Exit status 2 for a facet that selects nothing."""
    settings = configuration(config)
    state = _states(settings)
    rows = [
        (
            entry.id,
            entry.name,
            entry.kind,
            f"{_GRADES[entry.evidence]} {entry.as_of or ''}".strip(),
            state.get(entry.id, ("-", ""))[0],
            state.get(entry.id, ("", ""))[1] or entry.unusable or entry.note or "",
            entry.address or entry.home or "",
        )
        for entry in chosen(facets or [], settings)
    ]
    table(
        words("编号 名称 类型 依据 状况 说明 网址", "id name kind evidence state note address").split(), rows
    )


def _states(settings: Config) -> dict[str, tuple[str, str]]:
    """How entries stand in a configuration, with a note; those that nobody selected are absent."""
    on, off = words("检查", "checked"), words("停用", "disabled")
    states = {source.id: (on if source.enabled else off, "") for source in settings.sources}
    return states | {entry.id: (_WHY[entry.why], entry.note) for entry in settings.waiting}


def chosen(facets: list[str], settings: Config) -> tuple[CatalogueEntry, ...]:
    """The entries that facets select, all without any. Ends the command for a facet that selects none."""
    try:
        return select(facets or ["*"], catalogue(), load_vocabulary(settings))
    except UnknownFacetError as error:
        near = words("、", ", ").join(error.near)
        hint = words(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
        end(
            words(
                f"{error.facet} 在来源目录里选不到任何条目{hint}",
                f"{error.facet} selects nothing in the catalogue{hint}",
            ),
            2,
        )


@group.command(help=words("启用来源", "have sources checked"))
def enable(ids: IdsArgument, config: ConfigOption = None) -> None:
    """Exit status 2 for an unknown id, and for an entry without an address."""
    settings = configuration(config)
    for name in _known(ids, settings):
        entry = catalogue().get(name)
        is_own = any(source.id == name for source in settings.sources)
        if entry is not None and entry.unusable and not is_own:
            where = f"{entry.unusable}{words('：', ': ')}{entry.home}"
            add = words(
                f"policy-monitor sources add 网址 --id {name}", f"policy-monitor sources add URL --id {name}"
            )
            end(f"{name}{words('：', ': ')}{where}\n{add}", 2)
        change_entry(settings.folder, name, enabled=True)
        out.print(words(f"已启用 {name}（{OVERLAY}）", f"{name} is enabled ({OVERLAY})"), markup=False)
        if any(waiting.id == name for waiting in settings.waiting):
            err.print(
                words(
                    f"  它尚未验证：policy-monitor sources verify {name} 可试读",
                    f"  it was never verified: policy-monitor sources verify {name} tries it",
                ),
                style="yellow",
                markup=False,
            )
    say_restart()


@group.command(help=words("停用来源，不再检查", "have sources no longer checked"))
def disable(ids: IdsArgument, config: ConfigOption = None) -> None:
    """Exit status 2 for an unknown id."""
    settings = configuration(config)
    for name in _known(ids, settings):
        change_entry(settings.folder, name, enabled=False)
        out.print(words(f"已停用 {name}（{OVERLAY}）", f"{name} is disabled ({OVERLAY})"), markup=False)
    say_restart()


def say_restart() -> None:
    """What was changed is read at the next start."""
    out.print(words("正在运行的 run 重启后生效", "a program that runs follows after a restart"), style="dim")


def _known(ids: list[str], settings: Config) -> list[str]:
    known = {*(source.id for source in settings.sources), *catalogue()}
    for name in ids:
        if name not in known:
            near = words("、", ", ").join(difflib.get_close_matches(name, sorted(known), n=3))
            hint = words(f"，是不是 {near}？", f"; did you mean {near}?") if near else ""
            end(words(f"没有来源 {name}{hint}", f"there is no source {name}{hint}"), 2)
    return ids


def end(sentence: str, status: int = 1) -> NoReturn:
    """Say why and end the command."""
    err.print(sentence, style="red", markup=False)
    raise typer.Exit(status)
