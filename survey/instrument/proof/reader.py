"""Reads `references` and `proof` of an instrument file, collecting faults; both may be left out. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey.instrument.node_reader import NodeReader
from survey.instrument.proof.guide import (
    PROOF_ORIGINS,
    REFERENCE_KINDS,
    ProofEntry,
    ProofText,
    Reference,
    inherited_keys,
    is_safe_address,
    merge_entries,
)
from survey.instrument.schema import Item, LocalizedText

REFERENCE_KEYS = frozenset({"name", "address", "kind"})
ENTRY_KEYS = frozenset({"accepts", "rejects", "example", "source", "links"})
TEXT_KEYS = frozenset({"th", "en", "source"})


def evidence_addresses(items: Mapping[str, Item]) -> Iterator[str]:
    """The evidence places of a form as the keys of `proof` are written, one for all rows of a repeat."""
    for item in items.values():
        if item.kind == "table":
            for key, _row in item.answer_rows:
                for column in item.columns:
                    cell = f"{item.id}/{key}/{column.key}"
                    if column.evidence == "required":
                        yield cell
                    yield from (f"{cell}={o.key}" for o in column.options if o.evidence != "none")
        elif item.kind != "group" and item.evidence == "required":
            yield item.id
        yield from (f"{item.id}={o.key}" for o in item.options if o.evidence != "none")


class ProofReader:
    """Reads the two blocks; faults go to the reader of the file."""

    def __init__(self, reader: NodeReader, items: Mapping[str, Item]) -> None:
        self.reader = reader
        self.items = items
        self.used: set[str] = set()

    def build(self) -> tuple[dict[str, ProofEntry], dict[str, Reference]]:
        """The entries by key and the references by key."""
        references = {key: self.read_reference(key, node) for key, node in self.read_block("references").items()}
        block = self.read_block("proof")
        entries = {key: self.read_entry(key, node, references) for key, node in block.items()}
        if block:
            self.check_keys_used(block, entries)
        for key in references.keys() - self.used:
            self.add_fault(self.reader.data.get("references"), f"references: {key}", "no proof links to it")
        return entries, references

    def read_block(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """A block of the file; empty where it is left out."""
        block = self.reader.data.get(name) or {}
        if not isinstance(block, dict) or not all(isinstance(node, dict) for node in block.values()):
            self.add_fault(self.reader.data, "instrument", f"`{name}` is a mapping of mappings")
            return {}
        return block

    def read_reference(self, key: str, node: Mapping[str, Any]) -> Reference:
        where = f"references: {key}"
        self.reader.check_keys(node, REFERENCE_KEYS, where)
        address, kind = str(node.get("address") or ""), node.get("kind")
        if not is_safe_address(address):
            self.add_fault(node, where, f"`address` begins with https:// and names a host, found {address!r}")
        if kind not in REFERENCE_KINDS:
            self.add_fault(node, where, f"`kind` is one of {', '.join(sorted(REFERENCE_KINDS))}, found {kind!r}")
        name = self.reader.read_text(node, "name", where, needed=True)
        return Reference(key, name, address, kind)  # type: ignore[arg-type]  # checked above

    def read_entry(self, key: str, node: Mapping[str, Any], references: Mapping[str, Reference]) -> ProofEntry:
        where = f"proof: {key}"
        self.reader.check_keys(node, ENTRY_KEYS, where)
        links = node.get("links")
        if links is not None and not isinstance(links, list):
            self.add_fault(node, where, "`links` is a list of keys of `references`")
            links = None
        for link in links or ():
            if link not in references:
                self.add_fault(node, where, f"no reference {link!r}")
        self.used.update(map(str, links or ()))
        return ProofEntry(
            accepts=self.read_texts(node, "accepts", where),
            rejects=self.read_texts(node, "rejects", where),
            example=self.reader.read_text(node, "example", where) if "example" in node else None,
            links=None if links is None else tuple(references[link] for link in links if link in references),
        )

    def read_texts(self, node: Mapping[str, Any], key: str, where: str) -> tuple[ProofText, ...] | None:
        """A list of {th, en}, each from the entry's `source` unless it names its own."""
        if key not in node:
            return None
        texts = []
        for one in self.reader.read_nodes(node, key, where):
            self.reader.check_keys(one, TEXT_KEYS, where)
            origin = one.get("source", node.get("source"))
            if origin not in PROOF_ORIGINS:
                self.add_fault(one, where, f"`source` is one of {', '.join(sorted(PROOF_ORIGINS))}, found {origin!r}")
            texts.append(ProofText(self._text(one, key, where), origin))
        return tuple(texts)

    def _text(self, node: Mapping[str, Any], key: str, where: str) -> LocalizedText:
        if not node.get("th"):
            self.add_fault(node, where, f"`{key}` needs {{th: …, en: …}}")
        return LocalizedText(str(node.get("th") or "").strip(), str(node.get("en") or "").strip())

    def check_keys_used(self, block: Mapping[str, Any], entries: Mapping[str, ProofEntry]) -> None:
        """Every place must be told of, and every key must be above some place."""
        known: set[str] = set()
        for address in evidence_addresses(self.items):
            keys = list(inherited_keys(self.items, address))
            known.update(keys)
            guide = merge_entries(entries, iter(keys))
            for part in ("accepts", "example"):
                if not getattr(guide, part):
                    self.add_fault(block, "proof", f"nothing says what `{part}` is at {address!r}")
        for key in block.keys() - known:
            self.add_fault(block[key], f"proof: {key}", "no evidence place is there or below")

    def add_fault(self, node: Any, where: str, message: str) -> None:
        self.reader.add_fault(node, where, message)
