"""The one API: every room's router under its name, closed by default. It holds no operation of its own."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

from assay.governance.people.tokens.offered import offer
from assay.interfaces.web.api.problems import answer_problems
from assay.interfaces.web.api.signing_in import PageAuth, TokenAuth

# Search finds for a token what the token may read, so it must be possible to let it read.
READ_BY_SEARCH = ("policies.read", "decisions.see", "bundles.list")
# What only `assay policies` asks for, which acts by a token too.
AT_TERMINAL = (
    "policies.export-releases",
    "policies.export-strings",
    "policies.import-strings",
    "policies.read-document",
)
# Room by room: where its router is mounted, the module that has it as `router`, and the operations that it calls; None
# where the module itself says so, as `OPERATIONS`.
ROUTERS: tuple[tuple[str, str, tuple[str, ...] | None], ...] = (
    ("/me", "assay.interfaces.web.api.me", ()),
    (
        "/ledger",
        "assay.governance.ledger.api",
        ("ledger.entries", "ledger.entry", "ledger.prove", "ledger.heads", "ledger.prove-consistency"),
    ),
    (
        "/people",
        "assay.governance.people.api",
        ("people.list", "people.see-person", "people.list-approvals", "people.see-matrix"),
    ),
    ("/changes", "assay.governance.policies.releasing.api.changes", None),
    ("/releases", "assay.governance.policies.releasing.api.releases", None),
    ("/search", "assay.interfaces.web.search.api", ("search.find", *READ_BY_SEARCH)),
)


def build_api() -> NinjaAPI:
    """The API with every router that there is."""
    api = NinjaAPI(
        title="Assay workbench",
        version="1",
        description="What people do on the workbench's pages, for programs. Tokens are made at /account/tokens/.",
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        auth=[TokenAuth(), PageAuth()],
    )
    answer_problems(api)
    for prefix, name, operations in ROUTERS:
        module = import_module(name)
        api.add_router(prefix, module.router)
        offer(module.OPERATIONS if operations is None else operations)

    offer(AT_TERMINAL)

    @api.get("/openapi.json", include_in_schema=False, url_name="openapi-json")
    def openapi(request: HttpRequest) -> Any:
        return api.get_openapi_schema(path_prefix="/api/")

    return api
