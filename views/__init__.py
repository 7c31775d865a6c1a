"""HTTP only: find in scope, call one verb, render."""


def _routes():
    from views import auth, health, setup
    from views.portal import confirmations, documents as papers, home as front, messages as letters, reminders as dunned
    from views.staff import (calendar, contacts, customers, decisions, delegations, documents, filters, flows, home, imports, lines,
                             number_book, payments, people, products, reminders, requests, sendings, settings, submissions,
                             tasks, tax_rates)
    return [auth.sessions, *(view.bp for view in (
        auth, health, setup, front, papers, confirmations, letters, dunned, calendar, contacts, customers, decisions,
        delegations, documents, filters, flows, home, imports, lines, number_book, payments, people, products, reminders, requests,
        sendings, settings, submissions, tasks, tax_rates))]


def __getattr__(name):
    if name == "ROUTES":
        return _routes()
    raise AttributeError(name)
