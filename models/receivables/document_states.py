"""What a document's badge tells, the same wherever it stands: how an invoice is paid, what became
of a quote, an order or a delivery note. Whether it is archived is told beside."""

from models.core.clock import today
from models.documents.conversion import fulfilments
from models.receivables.balance import left_of, money_state

BECAME = {
    "order": {"partly": "partly_ordered", "whole": "ordered"},
    "delivery_note": {"partly": "partly_delivered", "whole": "delivered"},
    "invoice": {"partly": "partly_invoiced", "whole": "invoiced"},
}


def document_states(documents, left=None):
    """{id: state} of the documents. `left`: {id: open minor units} of the invoices among them,
    where it is known already."""
    left = left_of([d.id for d in documents]) if left is None else left
    made, day = fulfilments(documents), today()
    return {d.id: _states(d, left.get(d.id), made.get(d.id, {}), day)[-1] for d in documents}


def states_of(document, left):
    """The states of one document: an order may be delivered and invoiced."""
    return _states(document, left, document.fulfilment())


def _states(document, left, made, day=None):
    if left is not None and (state := money_state(document, left, day)):
        return [state]
    became = [BECAME[kind][far] for kind, far in made.items() if far != "none"]
    return became or ["issued" if document.state == "archived" else document.state]
