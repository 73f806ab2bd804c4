"""Whether the workbench is fit for people: Django's own deployment checks, and what only we know. It mends nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.core import checks

from assay.interfaces.settings.reading import Settings
from assay.interfaces.web.settings import WorkbenchSettings
from assay.interfaces.web.site.databases import sqlite_file
from assay.interfaces.web.site.tables import lacking

# What only matters where people come from elsewhere; for a first try on one machine there is no https to insist on.
_ONLY_PUBLIC = frozenset({"security.W004", "security.W008", "security.W012", "security.W016", "security.W021"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be; an error keeps people out or lets strangers in."""

    kind: Literal["error", "warning"]
    slug: str
    words: str


def all_findings(settings: Settings) -> list[Finding]:
    """Everything found, errors first."""
    workbench = settings.of(WorkbenchSettings)
    found = [*_of_django(workbench), *_of_address(workbench), *_of_files(workbench)]
    file = sqlite_file(workbench.database_url)
    if file is not None and not Path(file).exists():
        # Looking into it would make it.
        words = f"there is no `{file}` yet; `assay serve` makes it, or `assay workbench migrate`"
        found.append(Finding("error", "no-database", words))
    else:
        tables = [Finding("error", fault.slug, fault.words) for fault in lacking()]
        found += tables or [*_of_people(), *_of_subscribers()]
    return sorted(found, key=lambda finding: (finding.kind, finding.slug))


def _of_django(workbench: WorkbenchSettings) -> Iterator[Finding]:
    for message in checks.run_checks(include_deployment_checks=True):
        if workbench.is_public or message.id not in _ONLY_PUBLIC:
            kind: Literal["error", "warning"] = "error" if message.level >= checks.ERROR else "warning"
            yield Finding(kind, message.id or "django", " ".join(message.msg.split()))


def _of_address(workbench: WorkbenchSettings) -> Iterator[Finding]:
    address = workbench.public_address
    if not address:
        words = "set `workbench.public_address` before people come from other machines; links in mails begin with it"
        yield Finding("warning", "no-public-address", words)
    elif not workbench.is_public:
        yield Finding(
            "warning", "no-https", "`workbench.public_address` is no https address; passwords would travel open"
        )
    elif not workbench.proxies:
        words = "https ends at a proxy: name its address in `workbench.proxies`, or every page sends on to itself"
        yield Finding("warning", "no-proxies", words)
    if not workbench.mail.server:
        words = f"no `workbench.mail.server`: mails are written into `{workbench.mail.folder}` and reach nobody"
        yield Finding("warning", "no-mail", words)


def _of_files(workbench: WorkbenchSettings) -> Iterator[Finding]:
    file = sqlite_file(workbench.database_url)
    for path in (workbench.key_file, workbench.ledger_key, *([] if file is None else [Path(file)])):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            continue
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            words = f"`{path}` can be read by others of this machine; run `chmod 600 {path}`"
            yield Finding("error" if path != Path(file or os.devnull) else "warning", "open-file", words)


def _of_people() -> Iterator[Finding]:
    from assay.governance.people.models import Grant

    if not Grant.objects.filter(role="administrator").exists():
        words = "nobody is an administrator; `assay workbench administrator EMAIL` makes the first one"
        yield Finding("warning", "no-administrator", words)


def _of_subscribers() -> Iterator[Finding]:
    from assay.governance.ledger.subscribers import failing

    for offset in failing():
        where = f"entry {offset.next_number} of the ledger ({offset.failed_with})"
        words = f"`{offset.subscriber}` fails at {where}; see the log"
        yield Finding("warning", "subscriber-fails", words)
