"""Who may enter which address of evidence: a part of the table of tests/matrix_urls.py."""

from accounts.roles import Capability as C  # noqa: N817
from tests.matrix_arguments import of_a, of_document, of_file, of_link, of_removed, of_takes_part, of_waiting
from tests.matrix_rows import Row, central, no_arguments, province

_MARK = {"pages": "1", "quote": "ข้อความ"}

EVIDENCE: dict[str, Row] = {
    "evidence:confirm": province(C.ANSWER_EDIT, of_waiting, method="post"),
    "evidence:copy": province(C.RESPONSE_READ, of_link),
    "evidence:copy-keep": province(C.ANSWER_EDIT, of_link, method="post"),
    "evidence:copy-remove": province(C.ANSWER_EDIT, of_link, method="post"),
    "evidence:copy-restore": province(
        C.ANSWER_EDIT, lambda w: {**of_link(w), "number": w.copy_removed.seq}, method="post"
    ),
    "evidence:date": province(C.ANSWER_EDIT, of_file, method="post", data={"date": "1/7/2567"}),
    "evidence:download": province(C.RESPONSE_READ, of_file),
    "evidence:guide": province(C.RESPONSE_READ, lambda w: {"pk": w.evidence.response.pk, "item_id": "E1"}),
    "evidence:judge": province(C.EVIDENCE_REVIEW, of_file, method="post", data={"verdict": "accepted"}),
    "evidence:judge-undo": province(C.EVIDENCE_REVIEW, lambda w: {**of_file(w), "number": w.judged.seq}, method="post"),
    "evidence:links": province(C.RESPONSE_READ, lambda w: {"pk": w.evidence.response.pk}),
    "evidence:listing": province(C.RESPONSE_READ, lambda w: {"pk": w.evidence.response.pk}),
    "evidence:look": province(C.RESPONSE_READ, of_file),
    "evidence:look-content": province(C.RESPONSE_READ, of_file),
    "evidence:look-find": province(C.RESPONSE_READ, of_file, query="?q=x"),
    "evidence:look-passage": province(C.RESPONSE_READ, of_file, query="?from=1:0&to=1:9"),
    "evidence:look-words": province(C.RESPONSE_READ, lambda w: {**of_file(w), "number": 1}),
    "evidence:mark": province(C.ANSWER_EDIT, lambda w: {**of_file(w), "mark_id": w.mark.pk}, method="post", data=_MARK),
    "evidence:mark-restore": province(C.ANSWER_EDIT, lambda w: {**of_file(w), "number": w.unmarked.seq}, method="post"),
    "evidence:marks": province(C.ANSWER_EDIT, of_file, method="post", data=_MARK),
    "evidence:next-place": province(C.RESPONSE_READ, lambda w: {"pk": w.evidence.response.pk}),
    "evidence:remove": province(C.ANSWER_EDIT, of_file, method="post"),
    "evidence:restore": province(C.ANSWER_EDIT, of_removed, method="post"),
    "evidence:review": province(C.EVIDENCE_REVIEW, lambda w: {"pk": w.evidence.response.pk}),
    "evidence:review-return": province(
        C.EVIDENCE_REVIEW, lambda w: {"pk": w.evidence.response.pk}, method="post", data={"agency": "A1"}
    ),
    "evidence:library": Row(of_takes_part, of_a),
    "evidence:document": province(C.RESPONSE_READ, of_document),
    "evidence:document-change": province(C.ANSWER_EDIT, of_document, method="post", data={"name": "แผน", "date": ""}),
    "evidence:document-file": province(C.RESPONSE_READ, of_document),
    "evidence:document-place": province(C.ANSWER_EDIT, of_document),
    "evidence:document-remove": province(C.ANSWER_EDIT, of_document, method="post"),
    "evidence:document-restore": province(C.ANSWER_EDIT, of_document, method="post"),
    "evidence:document-return": province(C.ANSWER_EDIT, lambda w: {**of_document(w), "number": 1}, method="post"),
    "evidence:document-version": province(C.ANSWER_EDIT, of_document, method="post"),
    "evidence:scans": central(C.PROVINCES_MANAGE),
    "evidence:upload": province(
        C.ANSWER_EDIT,
        lambda w: {"public_id": w.upload.public_id},
        unless=lambda w, user: user != w.upload.user,
    ),
    "evidence:uploads": Row(lambda w, u: u.has(C.ANSWER_EDIT) or u.has(C.CONTRIBUTION_EDIT), no_arguments),
    "evidence:slot": province(
        C.RESPONSE_READ,
        lambda w: {"pk": w.evidence.response.pk, "item_id": "E1"},
        query="?at=E1%3Ddone",
    ),
    "evidence:unconfirm": province(
        C.ANSWER_EDIT, lambda w: {**of_waiting(w), "number": w.confirmed.seq}, method="post"
    ),
    "evidence:unconfirm-many": province(
        C.ANSWER_EDIT,
        lambda w: {"pk": w.evidence.response.pk, "first": w.confirmed.seq, "last": w.confirmed.seq},
        method="post",
    ),
    "evidence:waiting": province(C.ANSWER_EDIT, lambda w: {"pk": w.evidence.response.pk}),
    "evidence:suggestions": province(C.RESPONSE_READ, of_file),
}
