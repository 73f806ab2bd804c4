"""Which policies the house has, and which rules and examples each: what a question can be about. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from assay.engine.kernel.digest import sha256_of
from assay.engine.language.document.markdown import front_matter, lines_of, read_document
from assay.engine.language.document.yaml_tree import MalformedYaml, Scalar, read_yaml
from assay.engine.language.document.yaml_tree import Mapping as YamlMapping
from assay.governance.policies.life.editions import in_force
from assay.governance.policies.life.models import Document, contents_of
from assay.governance.policies.ports import PORTS


@dataclass(frozen=True, slots=True)
class Parts:
    """What a policy's text has that can be cited."""

    policy: str
    rules: tuple[str, ...]
    examples: tuple[str, ...]


def policy_names() -> tuple[str, ...]:
    """The policies of the house; before it has taken any over, those that decide."""
    names = tuple(Document.objects.filter(is_policy=True, retired_at=None).values_list("name", flat=True))
    return tuple(sorted(names or _deciding()))


def parts_of(policy: str) -> Parts:
    """What a policy has in force; nothing of one that there is not."""
    document = Document.objects.filter(name=policy, is_policy=True).first()
    if document is None:
        text = _deciding().get(policy)
        return _read(sha256_of(text.encode()), text) if text is not None else Parts(policy, (), ())
    edition = in_force()
    digest = edition.files.get(document.path) if edition is not None else None
    if digest is None:
        digest = document.history.exclude(text=None).values_list("text_id", flat=True).first()
    text = contents_of([digest]).get(digest) if digest is not None else None
    return _read(digest, text) if digest is not None and text is not None else Parts(policy, (), ())


def _deciding() -> Mapping[str, str]:
    """The policies that decide, by name, where the house has no edition of its own."""
    found = PORTS.in_force() if PORTS.in_force is not None else None
    if found is None:
        return {}
    texts = {path: text for path, text in found.files.items() if path.endswith(".md")}
    named = {_front(text, "policy") or PurePosixPath(path).stem: text for path, text in texts.items()}
    return {name: text for name, text in named.items() if _front(text, "policy")}


@lru_cache(maxsize=512)
def _read(digest: str, text: str) -> Parts:
    blocks = read_document(text).blocks
    rules = (_field(block.text, "id") for block in blocks if block.kind in ("rule", "exception"))
    examples = (_field(block.text, "title") for block in blocks if block.kind == "example")
    return Parts(_front(text, "policy"), tuple(filter(None, rules)), tuple(filter(None, examples)))


@lru_cache(maxsize=512)
def _front(text: str, key: str) -> str:
    return _field(front_matter(lines_of(text))[0] or "", key)


def _field(block: str, key: str) -> str:
    try:
        node = read_yaml(block, "block")
    except MalformedYaml:
        return ""
    value = node.get(key) if isinstance(node, YamlMapping) else None
    return value.text.strip() if isinstance(value, Scalar) else ""
