"""Bringing an index in Milvus up to date with articles: as `index.build` does it in a folder."""

from collections.abc import Sequence

from index.build import Stages, check_settings, named_articles, settings_of, unwatched
from index.lock import Waiting
from index.milvus import states
from index.milvus.address import MilvusAddress
from index.milvus.step import Change, next_state
from index.milvus.writer import connected, writing
from index.plan import Plan, Report, plan_update
from index.types import Encoder, Place


def update_index(
    address: MilvusAddress,
    paths: Sequence[Place],
    encoder: Encoder,
    stages: Stages | None = None,
    rebuild: bool = False,
    waiting: Waiting | None = None,
) -> Report:
    """As `index.build.update_index`, of an index in Milvus."""
    begin = stages or unwatched
    with writing(address, waiting, is_mending=rebuild) as writer:
        if writer.facts and not rebuild:
            check_settings(writer.facts.meta, encoder, address)
        writer.clear()
        held = writer.held(whole=not rebuild)
        plan = plan_update(held, paths, encoder.fingerprint, rebuild, begin("reading"))
        if plan.drafts or plan.report.removed or rebuild or writer.facts is None:
            command = "index --rebuild" if rebuild else "index"
            change = Change(command, paths, plan.report, plan.drafts, rebuild)
            next_state(writer, held, change, settings_of(encoder), encoder, begin)
        return writer.counted(plan.report)


def preview_update(
    address: MilvusAddress,
    paths: Sequence[Place],
    rebuild: bool = False,
    stages: Stages = unwatched,
) -> Plan:
    """As `index.build.preview_update`, of an index in Milvus."""
    with connected(address, is_mending=rebuild) as writer:
        held = writer.held(whole=not rebuild)
        fingerprint = writer.facts.fingerprint if writer.facts else ""
        return plan_update(held, paths, fingerprint, rebuild, stages("reading"))


def remove_articles(
    address: MilvusAddress,
    names: Sequence[str],
    waiting: Waiting | None = None,
    dry_run: bool = False,
) -> Plan:
    """As `index.build.remove_articles`, of an index in Milvus."""
    with connected(address) if dry_run else writing(address, waiting) as writer:
        held = writer.held()
        if held is None or writer.facts is None:
            raise states.no_index(address)
        found = named_articles(held.digests(), names, address)
        report = Report(removed=list(found))
        if not dry_run:
            writer.clear()
            change = Change("index --remove", (), report)
            next_state(writer, held, change, writer.settings(), None, unwatched)
            writer.counted(report)
        return Plan(report, [], found)
