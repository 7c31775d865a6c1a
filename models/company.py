"""The company that sells: profile, settings, bank accounts, logo and seal."""

import peewee as pw

from models.core.clock import now, set_zone, zone_from
from models.core.database import db
from models.core.dates import FORMATS, pattern
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.mail_address import MAIL
from models.core.model import Model, model_named
from models.core.prepared import prepared
from models.payment_details import ACCOUNT, account_of

SETTINGS = {
    "reminders_automatic": True,
    "reminder_hour": 8,
    "weekly_digest": True,
    "iban": "",
    "bic": "",
    "accounts": {},
    "payment_link": "",
    "due_soon_days": 7,
    "terms_days": 30,
    "days_back": None,  # how far back a document may be dated; None: to the last number
    "dispute_hours": {"answer": 8, "settle": 80},
    "prices_include_tax": False,
    "working_hours": [9, 18],
    "session_idle_hours": 8,
    "session_days": 14,
    "factor_roles": ["admin"],  # who must have a second factor
    "provider_factor": False,  # whether the sign-in provider's second factor counts as ours
    "provider_alone": False,  # whether it is the only way in for staff but administrators
    "link_days": 60,  # how long a mailed link opens its document; 0: no such links
    "fiscal_month": 1,
    "date_format": "",  # as the language writes dates
    "title_invoice_zh": "商业发票",
    "title_credit_note_zh": "贷项通知单",
    "bookkeeper_mail": "",
    "import_rows": 500_000,
    "import_mb": 90,
    "import_cells": 30,  # millions
    "seal_kinds": None,  # what each seal is printed on; None: as SEALED
    "contract_seal_kinds": None,
    "first_steps": True,  # whether Today shows what a new firm has still to do
}


# What a seal is printed on in China: there the seal for invoices stands on nothing else.
SEALED = {
    "seal": ("invoice", "credit_note"),
    "contract_seal": ("quote", "order", "delivery_note", "statement"),
}
SEALABLE = (*SEALED["contract_seal"][:3], *SEALED["seal"], "statement")
# What tells customers where to pay; of the settings and of the row itself.
PAY_SETTINGS = ("iban", "bic", "payment_link", "accounts")
PAY_COLUMNS = (*ACCOUNT, "bank_name_en", "bank_branch_en")
# Besides, where copies of documents go, and how people sign in.
SIGNING_IN = ("factor_roles", "provider_factor", "provider_alone")
GUARDED = {*PAY_COLUMNS, *PAY_SETTINGS, "bookkeeper_mail", *SIGNING_IN}
CHINESE_ZONES = ("Asia/Shanghai", "Asia/Urumqi")


class Company(Journaled, Model):
    """The company that sells; its name is printed on every document. There is one row."""

    name = pw.CharField()
    name_en = pw.CharField(default="")
    legal_name = pw.CharField(default="")
    legal_name_en = pw.CharField(default="")
    tax_id = pw.CharField(default="")
    address = pw.CharField(max_length=500, default="")
    address_en = pw.CharField(max_length=500, default="")
    phone = pw.CharField(default="")
    email = pw.CharField(default="")
    website = pw.CharField(default="")
    bank_name = pw.CharField(default="")
    bank_name_en = pw.CharField(default="")
    bank_branch = pw.CharField(default="")
    bank_branch_en = pw.CharField(default="")
    bank_account = pw.CharField(default="")
    bank_code = pw.CharField(default="")
    footer = pw.CharField(max_length=500, default="")
    footer_en = pw.CharField(max_length=500, default="")
    language = pw.CharField(max_length=2, default="zh")
    currency = pw.CharField(max_length=3, default="CNY")
    zone = pw.CharField(default="Asia/Shanghai")
    logo = pw.CharField(max_length=64, null=True)
    seal = pw.CharField(max_length=64, null=True)
    contract_seal = pw.CharField(max_length=64, null=True)
    font = pw.CharField(max_length=64, null=True)
    font_name = pw.CharField(default="")
    font_letters = JSONField(default=list)  # [[first, last code], …] of what our fonts lack
    demo = pw.BooleanField(default=False)
    settings = JSONField(default=dict)
    accounts_from = pw.DateTimeField(null=True)  # when the change of accounts that waits prints
    unhashed = ("accounts_from",)
    untold = ("logo", "seal", "contract_seal", "font", "font_letters")
    unset = {"settings": SETTINGS}
    setting_checks = []  # called with all settings before they are saved; they may refuse
    followers = []  # called with the names of what was changed

    @classmethod
    def current(cls):
        """The company, or None before setup; with the accounts that print now."""
        found = next(iter(_first()), None)
        if found and found.accounts_from and found.accounts_from <= now():
            change = model_named("AccountChange").due()  # on a floor above
            if change:
                found._set_accounts(change.values)
                found._dirty.clear()
        return found

    @classmethod
    def use_zone(cls, company=None):
        """Reckon days in the zone of the company, read now unless it is given, to the end of this
        request or job."""
        set_zone((company or cls.current() or cls()).zone)

    def setting(self, name):
        return (self.settings or {}).get(name, SETTINGS[name])

    @classmethod
    @db.atomic()
    def found(cls, **profile):
        """Create the company at setup. Refused when there is one."""
        cls.current() is None or refuse("already_set_up")
        company = cls.create(**profile)
        set_zone(company.zone)
        company.record("founded", None)
        return company

    @db.atomic()
    def revise(self, by, settings=None, **profile):
        """Change profile and settings. Returns the change of accounts that waits for a second
        person, or None: the first accounts of a new firm wait for nobody."""
        by.must("configure")
        model_named("AccountChange").print_due()
        stored = {**SETTINGS, **(self.settings or {})}
        settings = {k: v for k, v in (settings or {}).items() if v != stored.get(k)}
        profile = self.differing(profile)
        waits = None
        if self.names_account and {*profile, *settings} & {*PAY_COLUMNS, *PAY_SETTINGS}:
            asked = self._differing_accounts(profile, settings)
            waits = model_named("AccountChange").ask(by, self, asked)
            profile = {k: v for k, v in profile.items() if k not in PAY_COLUMNS}
            settings = {k: v for k, v in settings.items() if k not in PAY_SETTINGS}
        if not (profile or settings):
            return waits
        for key, value in profile.items():
            setattr(self, key, value)
        settings = {k: v for k, v in (settings or {}).items() if v != self.setting(k)}
        if settings:
            for check in self.setting_checks:
                check({**stored, **settings})
            self.settings = {**(self.settings or {}), **settings}
        self.save_changes(by)
        set_zone(self.zone)
        for follower in self.followers:
            follower({*profile, *settings})
        return waits

    @property
    def names_account(self):
        """Whether customers are told anywhere where to pay."""
        return bool(self.bank_account or any(self.setting(name) for name in PAY_SETTINGS))

    def accounts(self):
        """{name: value} of all that tells customers where to pay; each foreign account by itself,
        so that a change of one leaves the others alone."""
        found = {name: getattr(self, name) for name in PAY_COLUMNS}
        found |= {name: self.setting(name) for name in PAY_SETTINGS if name != "accounts"}
        return found | {f"accounts.{c}": a for c, a in self.setting("accounts").items()}

    def _differing_accounts(self, profile, settings):
        """What of accounts() would be other with these; None for an account that is taken away."""
        wanted = {name: value for name, value in profile.items() if name in PAY_COLUMNS}
        wanted |= {k: v for k, v in settings.items() if k in PAY_SETTINGS and k != "accounts"}
        if "accounts" in settings:
            held = self.setting("accounts")
            for currency in {*held, *settings["accounts"]}:
                wanted[f"accounts.{currency}"] = settings["accounts"].get(currency)
        held = self.accounts()
        return {name: value for name, value in wanted.items() if value != held.get(name)}

    def _set_accounts(self, values):
        accounts, settings = dict(self.setting("accounts")), {}
        for name, value in values.items():
            if name.startswith("accounts."):
                accounts[name.partition(".")[2]] = value
            elif name in PAY_COLUMNS:
                setattr(self, name, value)
            else:
                settings[name] = value
        kept = {currency: account for currency, account in accounts.items() if account}
        if kept != self.setting("accounts"):
            settings["accounts"] = kept
        if settings:
            self.settings = {**(self.settings or {}), **settings}

    def use_accounts(self, by, values):
        """Print these accounts from now on; for the change that was decided. The row is read anew:
        the one at hand may show them already."""
        stored = Company.get_by_id(self.id)
        stored._set_accounts(values)
        stored.accounts_from = None
        stored.save_changes(by, "accounts_changed")

    def note_next_accounts(self, moment):
        """When the change that waits prints by itself; None: not by itself, or none waits."""
        Company.update(accounts_from=moment).where(Company.id == self.id).execute()

    @property
    def in_china(self):
        """Whether China's holidays, feasts, tax invoices and archive rules are the company's."""
        return self.currency == "CNY" or self.zone in CHINESE_ZONES

    @property
    def bilingual(self):
        """Whether it says things in Chinese and in English, or in English alone."""
        return self.language == "zh" or self.in_china

    def seal_kinds(self, name):
        """The kinds that this seal is printed on."""
        usual = SEALED[name] if self.in_china or name != "seal" else SEALABLE
        chosen = self.setting(f"{name}_kinds")
        return list(usual if chosen is None else chosen)

    def seal_for(self, kind):
        """The name of the seal that a document of the kind bears, or None."""
        given = [name for name in SEALED if getattr(self, name)]
        return next((name for name in given if kind in self.seal_kinds(name)), None)

    def date_letters(self, language):
        """How it writes dates in this language."""
        return pattern(self.setting("date_format"), language)

    def in_language(self, language):
        """{name: text} of what a document in this language says of the company: in English what is
        given in English, else the same as in Chinese."""
        names = ("name", "legal_name", "address", "bank_name", "bank_branch", "footer")
        texts = {name: getattr(self, name) for name in names}
        if language == "en":
            english = {name: getattr(self, f"{name}_en") for name in names}
            if english["name"] and not english["legal_name"]:
                texts["legal_name"] = ""  # printed before the name, it would hide the English one
            texts |= {name: text for name, text in english.items() if text}
        return texts

    def payee(self, language):
        """The name that a customer pays to."""
        texts = self.in_language(language)
        return texts["legal_name"] or texts["name"]

    def as_seller(self, currency=None, language="zh", kind=""):
        """The company's data as printed on a document of the kind in this language, with the bank
        account for its currency."""
        names = "name legal_name tax_id address phone email website logo footer".split()
        seal = self.seal_for(kind)
        letters = self.date_letters(language)
        return {
            **{name: getattr(self, name) for name in names},
            "seal": getattr(self, seal) if seal else None,
            **self.in_language(language),
            **account_of(self, currency or self.currency, language),
            **({"font": self.font} if self.font else {}),
            **({"dates": letters} if letters != FORMATS["iso"] else {}),
        }


def _check_bookkeeper(settings):
    address = settings["bookkeeper_mail"]
    not address or MAIL.fullmatch(address) or refuse("mail_address", value=address)


Company.setting_checks.append(_check_bookkeeper)


def _zone_now():
    """The zone in the row; before there is one that can be read, the usual one."""
    try:
        row = Company.select(Company.zone).tuples().first() if db.obj else None
    except pw.DatabaseError:
        row = None
    return row[0] if row else Company.zone.default


zone_from(_zone_now)


@prepared
def _first():
    return Company.select().order_by(Company.id).limit(1)
