"""HTTP only: find in scope, call one verb, render."""


def _routes():
    from views import auth, health, setup
    from views.portal import confirmations, documents as papers, home as front, messages as letters, reminders as dunned
    from views.staff import (contacts, customers, decisions, documents, home, imports, lines, number_book, payments, people, products,
                             reminders, sendings, settings, submissions, tasks, tax_rates)
    return [auth.bp, auth.sessions, health.bp, setup.bp, front.bp, papers.bp, confirmations.bp, letters.bp, dunned.bp,
            contacts.bp, customers.bp, decisions.bp, documents.bp, home.bp, imports.bp, lines.bp, number_book.bp, payments.bp, people.bp,
            products.bp, reminders.bp, sendings.bp, settings.bp, submissions.bp, tasks.bp, tax_rates.bp]


def __getattr__(name):
    if name == "ROUTES":
        return _routes()
    raise AttributeError(name)
