"""Addresses of the ledger's pages, below `/ledger/`."""

from __future__ import annotations

from django.urls import path

from assay.governance.ledger import pages

app_name = "ledger"
urlpatterns = [
    path("", pages.entries, name="entries"),
    path("export", pages.export, name="export"),
    path("ledger.jsonl", pages.whole, name="whole"),
    path("heads/", pages.heads, name="heads"),
    path("heads/sign", pages.sign, name="sign"),
    path("heads/key.pub", pages.public_key, name="key"),
    path("heads/consistency.json", pages.consistency, name="consistency"),
    path("subscribers/", pages.subscribers, name="subscribers"),
    path("subscribers/again", pages.again, name="again"),
    path("<int:number>/", pages.entry, name="entry"),
    path("<int:number>/proof.json", pages.proof, name="proof"),
]
