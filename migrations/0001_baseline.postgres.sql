-- The tables of 0.9.0 on PostgreSQL, by subject.


-- The firm and its numbers

CREATE TABLE "company" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "legal_name" VARCHAR(255) NOT NULL,
    "tax_id" VARCHAR(255) NOT NULL,
    "address" VARCHAR(500) NOT NULL,
    "phone" VARCHAR(255) NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "website" VARCHAR(255) NOT NULL,
    "bank_name" VARCHAR(255) NOT NULL,
    "bank_branch" VARCHAR(255) NOT NULL,
    "bank_account" VARCHAR(255) NOT NULL,
    "bank_code" VARCHAR(255) NOT NULL,
    "footer" VARCHAR(500) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "zone" VARCHAR(255) NOT NULL,
    "logo" VARCHAR(64),
    "seal" VARCHAR(64),
    "demo" BOOLEAN NOT NULL,
    "settings" TEXT NOT NULL
);

CREATE TABLE "number_series" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "period" VARCHAR(10) NOT NULL,
    "pattern" VARCHAR(60) NOT NULL,
    "last" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "number_series_kind_pattern_period"
    ON "number_series" ("kind", "pattern", "period");

CREATE TABLE "number_pattern" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "pattern" VARCHAR(60) NOT NULL
);
CREATE UNIQUE INDEX "number_pattern_kind" ON "number_pattern" ("kind");


-- People who sign in

CREATE TABLE "team" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL
);
CREATE UNIQUE INDEX "team_name" ON "team" ("name");

CREATE TABLE "users" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "password" VARCHAR(255) NOT NULL,
    "roles" TEXT NOT NULL,
    "team_id" INTEGER,
    "superior_id" INTEGER,
    "language" VARCHAR(2) NOT NULL,
    "active" BOOLEAN NOT NULL,
    "resting" TEXT NOT NULL DEFAULT '[]',
    FOREIGN KEY ("team_id") REFERENCES "team" ("id"),
    FOREIGN KEY ("superior_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "users_email" ON "users" ("email");
CREATE INDEX "users_team_id" ON "users" ("team_id");
CREATE INDEX "users_superior_id" ON "users" ("superior_id");

CREATE TABLE "session" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "token" VARCHAR(64) NOT NULL,
    "user_id" INTEGER,
    "started_at" TIMESTAMP NOT NULL,
    "seen_at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    "address" VARCHAR(255) NOT NULL,
    "agent" VARCHAR(200) NOT NULL,
    "contact_id" INTEGER,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "session_token" ON "session" ("token");
CREATE INDEX "session_user_id" ON "session" ("user_id");
CREATE INDEX "session_contact_id" ON "session" ("contact_id");

CREATE TABLE "code" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(20) NOT NULL,
    "token" VARCHAR(64) NOT NULL,
    "user_id" INTEGER,
    "made_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "contact_id" INTEGER,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "code_token" ON "code" ("token");
CREATE INDEX "code_user_id" ON "code" ("user_id");
CREATE INDEX "code_contact_id" ON "code" ("contact_id");

CREATE TABLE "attempt" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "at" TIMESTAMP NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "address" VARCHAR(255) NOT NULL
);
CREATE INDEX "attempt_at" ON "attempt" ("at");
CREATE INDEX "attempt_name" ON "attempt" ("name");
CREATE INDEX "attempt_address" ON "attempt" ("address");

CREATE TABLE "saved_filter" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "page" VARCHAR(40) NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "query" VARCHAR(1000) NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE INDEX "saved_filter_user_id" ON "saved_filter" ("user_id");
CREATE UNIQUE INDEX "saved_filter_user_id_page_name" ON "saved_filter" ("user_id", "page", "name");


-- Customers

CREATE TABLE "customer" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "code" VARCHAR(255),
    "name" VARCHAR(255) NOT NULL,
    "short_name" VARCHAR(255) NOT NULL,
    "tax_id" VARCHAR(255) NOT NULL,
    "phone" VARCHAR(255) NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "bank_name" VARCHAR(255) NOT NULL,
    "bank_account" VARCHAR(255) NOT NULL,
    "terms_days" INTEGER NOT NULL,
    "credit_limit" BIGINT,
    "currency" VARCHAR(3) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "owner_id" INTEGER,
    "tags" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "founded_on" DATE,
    FOREIGN KEY ("owner_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "customer_code" ON "customer" ("code");
CREATE INDEX "customer_name" ON "customer" ("name");
CREATE INDEX "customer_owner_id" ON "customer" ("owner_id");

CREATE TABLE "address" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "text" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id")
);
CREATE INDEX "address_customer_id" ON "address" ("customer_id");

CREATE TABLE "contact" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "phone" VARCHAR(255) NOT NULL,
    "position" VARCHAR(255) NOT NULL,
    "birthday" DATE,
    "language" VARCHAR(2) NOT NULL,
    "password" VARCHAR(255) NOT NULL,
    "sees_company" BOOLEAN NOT NULL,
    "active" BOOLEAN NOT NULL,
    "birthday_lunar" BOOLEAN NOT NULL DEFAULT false,
    "greetings_off_at" TIMESTAMP,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id")
);
CREATE INDEX "contact_customer_id" ON "contact" ("customer_id");
CREATE INDEX "contact_email" ON "contact" ("email");

CREATE TABLE "note" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "author" VARCHAR(255) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "text" TEXT NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id")
);
CREATE INDEX "note_customer_id" ON "note" ("customer_id");


-- Products, tax and price lists

CREATE TABLE "tax_rate" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "rate" INTEGER NOT NULL,
    "valid_from" DATE,
    "valid_to" DATE
);

CREATE TABLE "product" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "code" VARCHAR(255) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "unit" VARCHAR(255) NOT NULL,
    "price" BIGINT NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "category" VARCHAR(255) NOT NULL,
    "tax_id" INTEGER,
    "active" BOOLEAN NOT NULL,
    "cost" BIGINT,
    FOREIGN KEY ("tax_id") REFERENCES "tax_rate" ("id")
);
CREATE UNIQUE INDEX "product_code" ON "product" ("code");
CREATE INDEX "product_name" ON "product" ("name");
CREATE INDEX "product_category" ON "product" ("category");
CREATE INDEX "product_tax_id" ON "product" ("tax_id");

CREATE TABLE "price_list" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "discount" INTEGER NOT NULL,
    "category" VARCHAR(255) NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL
);

CREATE TABLE "price_list_member" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "price_list_id" INTEGER NOT NULL,
    "customer_id" INTEGER NOT NULL,
    FOREIGN KEY ("price_list_id") REFERENCES "price_list" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id")
);
CREATE INDEX "price_list_member_price_list_id" ON "price_list_member" ("price_list_id");
CREATE INDEX "price_list_member_customer_id" ON "price_list_member" ("customer_id");
CREATE UNIQUE INDEX "price_list_member_price_list_id_customer_id"
    ON "price_list_member" ("price_list_id", "customer_id");


-- Documents

CREATE TABLE "document" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "number" VARCHAR(255),
    "series_id" INTEGER,
    "place" INTEGER,
    "customer_id" INTEGER NOT NULL,
    "contact_id" INTEGER,
    "owner_id" INTEGER,
    "currency" VARCHAR(3) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "date" DATE NOT NULL,
    "terms_days" INTEGER NOT NULL,
    "due_on" DATE,
    "valid_until" DATE,
    "delivery_on" DATE,
    "reference" VARCHAR(255) NOT NULL,
    "note" TEXT NOT NULL,
    "internal_note" TEXT NOT NULL,
    "prices_include_tax" BOOLEAN NOT NULL,
    "discount" INTEGER NOT NULL,
    "net" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "source_id" INTEGER,
    "issued_on" DATE,
    "issued_by_id" INTEGER,
    "snapshot" TEXT,
    "paper" VARCHAR(64),
    "void_reason" VARCHAR(500) NOT NULL,
    "confirmed_at" TIMESTAMP,
    "confirmed_by" VARCHAR(255) NOT NULL,
    "imported" BOOLEAN NOT NULL,
    "signature" VARCHAR(64),
    "voided_on" DATE,
    FOREIGN KEY ("series_id") REFERENCES "number_series" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id"),
    FOREIGN KEY ("owner_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("source_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("issued_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "document_kind" ON "document" ("kind");
CREATE INDEX "document_state" ON "document" ("state");
CREATE INDEX "document_series_id" ON "document" ("series_id");
CREATE INDEX "document_customer_id" ON "document" ("customer_id");
CREATE INDEX "document_contact_id" ON "document" ("contact_id");
CREATE INDEX "document_owner_id" ON "document" ("owner_id");
CREATE INDEX "document_source_id" ON "document" ("source_id");
CREATE INDEX "document_issued_by_id" ON "document" ("issued_by_id");
CREATE UNIQUE INDEX "document_kind_number" ON "document" ("kind", "number");
CREATE INDEX "document_customer_id_date" ON "document" ("customer_id", "date");
CREATE INDEX "document_date_id" ON "document" ("date", "id");
CREATE INDEX "document_total_id" ON "document" ("total", "id");
CREATE INDEX "document_kind_issued_on" ON "document" ("kind", "issued_on");

CREATE TABLE "line" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "document_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "product_id" INTEGER,
    "code" VARCHAR(255) NOT NULL,
    "name" VARCHAR(500) NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    "unit" VARCHAR(255) NOT NULL,
    "quantity" BIGINT NOT NULL,
    "price" BIGINT NOT NULL,
    "discount" INTEGER NOT NULL,
    "tax_rate_id" INTEGER,
    "tax_label" VARCHAR(255) NOT NULL,
    "tax_kind" VARCHAR(255) NOT NULL,
    "rate" INTEGER NOT NULL,
    "net" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "gross" BIGINT NOT NULL,
    "source_id" INTEGER,
    "cost" BIGINT,
    FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("product_id") REFERENCES "product" ("id"),
    FOREIGN KEY ("tax_rate_id") REFERENCES "tax_rate" ("id"),
    FOREIGN KEY ("source_id") REFERENCES "line" ("id")
);
CREATE INDEX "line_document_id" ON "line" ("document_id");
CREATE INDEX "line_product_id" ON "line" ("product_id");
CREATE INDEX "line_tax_rate_id" ON "line" ("tax_rate_id");
CREATE INDEX "line_source_id" ON "line" ("source_id");

CREATE TABLE "autosave" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "document" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "version" INTEGER NOT NULL,
    "form" TEXT NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE INDEX "autosave_user_id" ON "autosave" ("user_id");
CREATE UNIQUE INDEX "autosave_document_user_id" ON "autosave" ("document", "user_id");

CREATE TABLE "message" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "document_id" INTEGER NOT NULL,
    "author" VARCHAR(255) NOT NULL,
    "from_customer" BOOLEAN NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "text" TEXT NOT NULL,
    FOREIGN KEY ("document_id") REFERENCES "document" ("id")
);
CREATE INDEX "message_document_id" ON "message" ("document_id");

CREATE TABLE "opening" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "document_id" INTEGER NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("document_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id")
);
CREATE INDEX "opening_document_id" ON "opening" ("document_id");
CREATE INDEX "opening_contact_id" ON "opening" ("contact_id");
CREATE UNIQUE INDEX "opening_document_id_contact_id" ON "opening" ("document_id", "contact_id");


-- Sales, summed by day

CREATE TABLE "sales_day" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL,
    "basis" VARCHAR(10) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "customer" INTEGER NOT NULL,
    "owner" INTEGER NOT NULL,
    "papers" INTEGER NOT NULL,
    "credits" INTEGER NOT NULL,
    "net" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "cost" BIGINT NOT NULL,
    "costed" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "sales_day_basis_currency_day_customer_owner"
    ON "sales_day" ("basis", "currency", "day", "customer", "owner");
CREATE INDEX "sales_day_customer_basis_currency_day"
    ON "sales_day" ("customer", "basis", "currency", "day");

CREATE TABLE "sales_item" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL,
    "basis" VARCHAR(10) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "customer" INTEGER NOT NULL,
    "owner" INTEGER NOT NULL,
    "product" INTEGER NOT NULL,
    "lines" INTEGER NOT NULL,
    "net" BIGINT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "cost" BIGINT NOT NULL,
    "costed" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "sales_item_basis_currency_day_customer_owner_product"
    ON "sales_item" ("basis", "currency", "day", "customer", "owner", "product");
CREATE INDEX "sales_item_product_basis_currency_day"
    ON "sales_item" ("product", "basis", "currency", "day");
CREATE INDEX "sales_item_customer_basis_currency_day"
    ON "sales_item" ("customer", "basis", "currency", "day");


-- Approvals

CREATE TABLE "approval_flow" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "least" BIGINT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "conditions" TEXT NOT NULL DEFAULT '{}',
    "recall_late" BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE "flow_step" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "flow_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "role" VARCHAR(12) NOT NULL,
    "people" TEXT NOT NULL,
    "rule" VARCHAR(6) NOT NULL,
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "who" VARCHAR(16) NOT NULL DEFAULT 'role',
    "needed" INTEGER NOT NULL DEFAULT 1,
    "hours" INTEGER NOT NULL DEFAULT 0,
    "late" VARCHAR(10) NOT NULL DEFAULT 'remind',
    "late_to" INTEGER,
    "fallback" INTEGER,
    "copy_to" TEXT NOT NULL DEFAULT '[]',
    FOREIGN KEY ("flow_id") REFERENCES "approval_flow" ("id")
);
CREATE INDEX "flow_step_flow_id" ON "flow_step" ("flow_id");

CREATE TABLE "flow_version" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "flow_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "by" VARCHAR(255) NOT NULL,
    "content" TEXT NOT NULL,
    FOREIGN KEY ("flow_id") REFERENCES "approval_flow" ("id")
);
CREATE INDEX "flow_version_flow_id" ON "flow_version" ("flow_id");
CREATE UNIQUE INDEX "flow_version_flow_id_version" ON "flow_version" ("flow_id", "version");

CREATE TABLE "special_day" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL,
    "works" BOOLEAN NOT NULL,
    "name" VARCHAR(60) NOT NULL
);
CREATE UNIQUE INDEX "special_day_day" ON "special_day" ("day");

CREATE TABLE "delegation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "to_id" INTEGER NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "kinds" TEXT NOT NULL,
    "most" BIGINT,
    "currency" VARCHAR(3) NOT NULL,
    "ended" BOOLEAN NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("to_id") REFERENCES "users" ("id")
);
CREATE INDEX "delegation_user_id" ON "delegation" ("user_id");
CREATE INDEX "delegation_to_id" ON "delegation" ("to_id");

CREATE TABLE "approval_request" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "document_id" INTEGER,
    "flow_id" INTEGER NOT NULL,
    "plan" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "content_approved" VARCHAR(64) NOT NULL,
    "submitter_id" INTEGER NOT NULL,
    "opened_at" TIMESTAMP NOT NULL,
    "purpose" VARCHAR(10) NOT NULL DEFAULT 'issue',
    "reason" VARCHAR(500) NOT NULL DEFAULT '',
    "round" INTEGER NOT NULL DEFAULT 1,
    "back_to" INTEGER NOT NULL DEFAULT 0,
    "said" TEXT,
    "urged_at" TIMESTAMP,
    "closed_at" TIMESTAMP,
    "recall_late" BOOLEAN NOT NULL DEFAULT false,
    "subject_type" VARCHAR(24) NOT NULL DEFAULT '',
    "subject_id" INTEGER NOT NULL DEFAULT 0,
    FOREIGN KEY ("document_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("flow_id") REFERENCES "approval_flow" ("id"),
    FOREIGN KEY ("submitter_id") REFERENCES "users" ("id")
);
CREATE INDEX "approval_request_document_id" ON "approval_request" ("document_id");
CREATE INDEX "approval_request_flow_id" ON "approval_request" ("flow_id");
CREATE INDEX "approval_request_state" ON "approval_request" ("state");
CREATE INDEX "approval_request_submitter_id" ON "approval_request" ("submitter_id");
CREATE INDEX "approval_request_subject_type_subject_id"
    ON "approval_request" ("subject_type", "subject_id");
CREATE UNIQUE INDEX "approval_request_open"
    ON "approval_request" ("document_id") WHERE "state" = 'open' AND "document_id" IS NOT NULL;
CREATE UNIQUE INDEX "approval_request_open_other"
    ON "approval_request" ("subject_type", "subject_id")
    WHERE "state" = 'open' AND "document_id" IS NULL;

CREATE TABLE "task" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "request_id" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "note" VARCHAR(1000) NOT NULL,
    "opened_at" TIMESTAMP NOT NULL,
    "decided_at" TIMESTAMP,
    "round" INTEGER NOT NULL DEFAULT 1,
    "kind" VARCHAR(8) NOT NULL DEFAULT 'decide',
    "parent_id" INTEGER,
    "on_behalf_id" INTEGER,
    "came_from_id" INTEGER,
    "due_at" TIMESTAMP,
    "late_at" TIMESTAMP,
    FOREIGN KEY ("request_id") REFERENCES "approval_request" ("id"),
    FOREIGN KEY ("user_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("parent_id") REFERENCES "task" ("id"),
    FOREIGN KEY ("on_behalf_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("came_from_id") REFERENCES "users" ("id")
);
CREATE INDEX "task_request_id" ON "task" ("request_id");
CREATE INDEX "task_user_id" ON "task" ("user_id");
CREATE INDEX "task_state" ON "task" ("state");
CREATE INDEX "task_request_step" ON "task" ("request_id", "step");
CREATE INDEX "task_user_state" ON "task" ("user_id", "state");

CREATE TABLE "comment" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "request_id" INTEGER NOT NULL,
    "author" VARCHAR(255) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "text" VARCHAR(2000) NOT NULL,
    "file" VARCHAR(64),
    "filename" VARCHAR(255) NOT NULL,
    FOREIGN KEY ("request_id") REFERENCES "approval_request" ("id")
);
CREATE INDEX "comment_request_id" ON "comment" ("request_id");


-- Payments

CREATE TABLE "payment" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "number" VARCHAR(255) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "received_on" DATE NOT NULL,
    "method" VARCHAR(20) NOT NULL,
    "reference" VARCHAR(255) NOT NULL,
    "reverse_reason" VARCHAR(500) NOT NULL,
    "charges" BIGINT NOT NULL DEFAULT 0,
    "reported_by_id" INTEGER,
    "reported_at" TIMESTAMP,
    "wanted" TEXT NOT NULL DEFAULT '[]',
    "slip" VARCHAR(64),
    "slip_name" VARCHAR(255) NOT NULL DEFAULT '',
    "reversed_on" DATE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("reported_by_id") REFERENCES "contact" ("id")
);
CREATE UNIQUE INDEX "payment_number" ON "payment" ("number");
CREATE INDEX "payment_customer_id" ON "payment" ("customer_id");
CREATE INDEX "payment_reported_by_id" ON "payment" ("reported_by_id");
CREATE INDEX "payment_customer_id_currency_state" ON "payment" ("customer_id", "currency", "state");

CREATE TABLE "refund" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "number" VARCHAR(255) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "payment_id" INTEGER,
    "credit_note_id" INTEGER,
    "currency" VARCHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "paid_on" DATE NOT NULL,
    "reference" VARCHAR(255) NOT NULL,
    "reverse_reason" VARCHAR(500) NOT NULL,
    "reversed_on" DATE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("payment_id") REFERENCES "payment" ("id"),
    FOREIGN KEY ("credit_note_id") REFERENCES "document" ("id")
);
CREATE UNIQUE INDEX "refund_number" ON "refund" ("number");
CREATE INDEX "refund_customer_id" ON "refund" ("customer_id");
CREATE INDEX "refund_payment_id" ON "refund" ("payment_id");
CREATE INDEX "refund_credit_note_id" ON "refund" ("credit_note_id");

CREATE TABLE "write_off" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "invoice_id" INTEGER NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "asked_by_id" INTEGER NOT NULL,
    "asked_on" DATE NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    "note" VARCHAR(500) NOT NULL,
    "reversed_on" DATE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("invoice_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("asked_by_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("decided_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "write_off_state" ON "write_off" ("state");
CREATE INDEX "write_off_customer_id" ON "write_off" ("customer_id");
CREATE INDEX "write_off_invoice_id" ON "write_off" ("invoice_id");
CREATE INDEX "write_off_asked_by_id" ON "write_off" ("asked_by_id");
CREATE INDEX "write_off_decided_by_id" ON "write_off" ("decided_by_id");

CREATE TABLE "allocation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "payment_id" INTEGER,
    "credit_note_id" INTEGER,
    "invoice_id" INTEGER NOT NULL,
    "amount" BIGINT NOT NULL,
    "write_off_id" INTEGER,
    FOREIGN KEY ("payment_id") REFERENCES "payment" ("id"),
    FOREIGN KEY ("credit_note_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("invoice_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("write_off_id") REFERENCES "write_off" ("id")
);
CREATE INDEX "allocation_payment_id" ON "allocation" ("payment_id");
CREATE INDEX "allocation_credit_note_id" ON "allocation" ("credit_note_id");
CREATE INDEX "allocation_invoice_id" ON "allocation" ("invoice_id");
CREATE INDEX "allocation_write_off_id" ON "allocation" ("write_off_id");

CREATE TABLE "bank_line" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "fingerprint" VARCHAR(64) NOT NULL,
    "account" VARCHAR(255) NOT NULL,
    "booked_on" DATE NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "payer" VARCHAR(255) NOT NULL,
    "payer_account" VARCHAR(255) NOT NULL,
    "text" VARCHAR(1000) NOT NULL,
    "reference" VARCHAR(255) NOT NULL,
    "filename" VARCHAR(255) NOT NULL,
    "file" VARCHAR(64) NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "payment_id" INTEGER,
    "note" VARCHAR(500) NOT NULL,
    "balance" BIGINT,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("payment_id") REFERENCES "payment" ("id")
);
CREATE INDEX "bank_line_state" ON "bank_line" ("state");
CREATE UNIQUE INDEX "bank_line_fingerprint" ON "bank_line" ("fingerprint");
CREATE INDEX "bank_line_by_id" ON "bank_line" ("by_id");
CREATE INDEX "bank_line_payment_id" ON "bank_line" ("payment_id");


-- Statements of account

CREATE TABLE "statement_run" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "since" DATE NOT NULL,
    "until" DATE NOT NULL,
    "todo" TEXT NOT NULL,
    "send" BOOLEAN NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "claimed_at" TIMESTAMP,
    "finished_at" TIMESTAMP,
    "failures" TEXT NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE INDEX "statement_run_state" ON "statement_run" ("state");
CREATE INDEX "statement_run_by_id" ON "statement_run" ("by_id");

CREATE TABLE "statement" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "number" VARCHAR(255) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "since" DATE NOT NULL,
    "until" DATE NOT NULL,
    "opening" BIGINT NOT NULL,
    "closing" BIGINT NOT NULL,
    "snapshot" TEXT NOT NULL,
    "paper" VARCHAR(64) NOT NULL,
    "made_by_id" INTEGER NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "run_id" INTEGER,
    "sent_at" TIMESTAMP,
    "reminded_on" DATE,
    "contact_id" INTEGER,
    "confirmed_at" TIMESTAMP,
    "confirmed_by" VARCHAR(255) NOT NULL,
    "marks" TEXT NOT NULL,
    "confirmed_paper" VARCHAR(64),
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("made_by_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("run_id") REFERENCES "statement_run" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id")
);
CREATE UNIQUE INDEX "statement_number" ON "statement" ("number");
CREATE INDEX "statement_state" ON "statement" ("state");
CREATE INDEX "statement_customer_id" ON "statement" ("customer_id");
CREATE INDEX "statement_made_by_id" ON "statement" ("made_by_id");
CREATE INDEX "statement_run_id" ON "statement" ("run_id");
CREATE INDEX "statement_contact_id" ON "statement" ("contact_id");
CREATE INDEX "statement_customer_id_currency_until"
    ON "statement" ("customer_id", "currency", "until");


-- Disputes

CREATE TABLE "dispute" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "document_id" INTEGER,
    "line_id" INTEGER,
    "currency" VARCHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "reason" VARCHAR(20) NOT NULL,
    "text" TEXT NOT NULL,
    "author" VARCHAR(255) NOT NULL,
    "contact_id" INTEGER,
    "owner_id" INTEGER,
    "raised_at" TIMESTAMP NOT NULL,
    "answer_by" TIMESTAMP NOT NULL,
    "settle_by" TIMESTAMP NOT NULL,
    "first_answer_at" TIMESTAMP,
    "outcome" VARCHAR(10) NOT NULL,
    "explanation" TEXT NOT NULL,
    "credit_note_id" INTEGER,
    "replacement_id" INTEGER,
    "settled_at" TIMESTAMP,
    "rating" INTEGER,
    "rating_text" VARCHAR(1000) NOT NULL,
    "prevention" TEXT NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("document_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("line_id") REFERENCES "line" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id"),
    FOREIGN KEY ("owner_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("credit_note_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("replacement_id") REFERENCES "document" ("id")
);
CREATE INDEX "dispute_state" ON "dispute" ("state");
CREATE INDEX "dispute_customer_id" ON "dispute" ("customer_id");
CREATE INDEX "dispute_document_id" ON "dispute" ("document_id");
CREATE INDEX "dispute_line_id" ON "dispute" ("line_id");
CREATE INDEX "dispute_contact_id" ON "dispute" ("contact_id");
CREATE INDEX "dispute_owner_id" ON "dispute" ("owner_id");
CREATE INDEX "dispute_credit_note_id" ON "dispute" ("credit_note_id");
CREATE INDEX "dispute_replacement_id" ON "dispute" ("replacement_id");

CREATE TABLE "dispute_entry" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "dispute_id" INTEGER NOT NULL,
    "author" VARCHAR(255) NOT NULL,
    "from_customer" BOOLEAN NOT NULL,
    "internal" BOOLEAN NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "text" TEXT NOT NULL,
    "file" VARCHAR(64),
    "filename" VARCHAR(255) NOT NULL,
    FOREIGN KEY ("dispute_id") REFERENCES "dispute" ("id")
);
CREATE INDEX "dispute_entry_dispute_id" ON "dispute_entry" ("dispute_id");


-- Reminders

CREATE TABLE "reminder_level" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "days" INTEGER NOT NULL,
    "title_zh" VARCHAR(60) NOT NULL,
    "title_en" VARCHAR(60) NOT NULL,
    "text_zh" VARCHAR(2000) NOT NULL,
    "text_en" VARCHAR(2000) NOT NULL,
    "interest" INTEGER NOT NULL,
    "copy_owner" BOOLEAN NOT NULL,
    "active" BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX "reminder_level_days" ON "reminder_level" ("days");

CREATE TABLE "reminder" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "number" VARCHAR(255) NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "day" DATE NOT NULL,
    "snapshot" TEXT NOT NULL,
    "total" BIGINT NOT NULL,
    "paper" VARCHAR(64) NOT NULL,
    "level_id" INTEGER,
    "interest" BIGINT NOT NULL DEFAULT 0,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("level_id") REFERENCES "reminder_level" ("id")
);
CREATE UNIQUE INDEX "reminder_number" ON "reminder" ("number");
CREATE INDEX "reminder_customer_id" ON "reminder" ("customer_id");
CREATE UNIQUE INDEX "reminder_customer_id_currency_day"
    ON "reminder" ("customer_id", "currency", "day");
CREATE INDEX "reminder_level_id" ON "reminder" ("level_id");

CREATE TABLE "reminded" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "reminder_id" INTEGER NOT NULL,
    "invoice_id" INTEGER NOT NULL,
    "days" INTEGER NOT NULL,
    "level_id" INTEGER,
    FOREIGN KEY ("reminder_id") REFERENCES "reminder" ("id"),
    FOREIGN KEY ("invoice_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("level_id") REFERENCES "reminder_level" ("id")
);
CREATE INDEX "reminded_reminder_id" ON "reminded" ("reminder_id");
CREATE INDEX "reminded_invoice_id" ON "reminded" ("invoice_id");
CREATE UNIQUE INDEX "reminded_invoice_id_days" ON "reminded" ("invoice_id", "days");
CREATE INDEX "reminded_level_id" ON "reminded" ("level_id");
CREATE UNIQUE INDEX "reminded_invoice_id_level_id" ON "reminded" ("invoice_id", "level_id");

CREATE TABLE "hold" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "invoice_id" INTEGER,
    "reason" VARCHAR(20) NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    "until" DATE NOT NULL,
    "author" VARCHAR(255) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("invoice_id") REFERENCES "document" ("id")
);
CREATE INDEX "hold_customer_id" ON "hold" ("customer_id");
CREATE INDEX "hold_invoice_id" ON "hold" ("invoice_id");

CREATE TABLE "promise" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "invoice_id" INTEGER NOT NULL,
    "amount" BIGINT NOT NULL,
    "open_then" BIGINT NOT NULL,
    "day" DATE NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    "author" VARCHAR(255) NOT NULL,
    "contact_id" INTEGER,
    "at" TIMESTAMP NOT NULL,
    "ended_at" TIMESTAMP,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("invoice_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id")
);
CREATE INDEX "promise_customer_id" ON "promise" ("customer_id");
CREATE INDEX "promise_invoice_id" ON "promise" ("invoice_id");
CREATE INDEX "promise_contact_id" ON "promise" ("contact_id");


-- The archive

CREATE TABLE "folder" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(24) NOT NULL,
    "year" INTEGER NOT NULL,
    "last" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "folder_kind_year" ON "folder" ("kind", "year");

CREATE TABLE "filing" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "folder_id" INTEGER NOT NULL,
    "place" INTEGER NOT NULL,
    "code" VARCHAR(40) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "number" VARCHAR(255) NOT NULL,
    "day" DATE NOT NULL,
    "customer_id" INTEGER,
    "currency" VARCHAR(3) NOT NULL,
    "total" BIGINT NOT NULL,
    "document_id" INTEGER,
    "reminder_id" INTEGER,
    "sha" VARCHAR(64) NOT NULL,
    "tags" TEXT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "read" TIMESTAMP,
    "destroyed_on" DATE,
    "reason" VARCHAR(500) NOT NULL,
    "moved_to_id" INTEGER,
    FOREIGN KEY ("folder_id") REFERENCES "folder" ("id"),
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("document_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("reminder_id") REFERENCES "reminder" ("id"),
    FOREIGN KEY ("moved_to_id") REFERENCES "filing" ("id")
);
CREATE INDEX "filing_folder_id" ON "filing" ("folder_id");
CREATE UNIQUE INDEX "filing_code" ON "filing" ("code");
CREATE INDEX "filing_state" ON "filing" ("state");
CREATE INDEX "filing_customer_id" ON "filing" ("customer_id");
CREATE UNIQUE INDEX "filing_document_id" ON "filing" ("document_id");
CREATE UNIQUE INDEX "filing_reminder_id" ON "filing" ("reminder_id");
CREATE UNIQUE INDEX "filing_folder_id_place" ON "filing" ("folder_id", "place");
CREATE INDEX "filing_customer_id_day" ON "filing" ("customer_id", "day");
CREATE INDEX "filing_moved_to_id" ON "filing" ("moved_to_id");

CREATE TABLE "filing_rule" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(24) NOT NULL,
    "pattern" VARCHAR(120) NOT NULL,
    "days" INTEGER NOT NULL,
    "settled" BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX "filing_rule_kind" ON "filing_rule" ("kind");

CREATE TABLE "retention_rule" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(24) NOT NULL,
    "years" INTEGER
);
CREATE UNIQUE INDEX "retention_rule_kind" ON "retention_rule" ("kind");

CREATE TABLE "external_file" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "filing_id" INTEGER NOT NULL,
    "document_id" INTEGER,
    "note" VARCHAR(1000) NOT NULL,
    FOREIGN KEY ("filing_id") REFERENCES "filing" ("id"),
    FOREIGN KEY ("document_id") REFERENCES "document" ("id")
);
CREATE UNIQUE INDEX "external_file_filing_id" ON "external_file" ("filing_id");
CREATE INDEX "external_file_document_id" ON "external_file" ("document_id");

CREATE TABLE "external_version" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "file_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "filename" VARCHAR(255) NOT NULL,
    "mime" VARCHAR(100) NOT NULL,
    "size" INTEGER NOT NULL,
    "sha" VARCHAR(64) NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("file_id") REFERENCES "external_file" ("id"),
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE INDEX "external_version_file_id" ON "external_version" ("file_id");
CREATE INDEX "external_version_by_id" ON "external_version" ("by_id");
CREATE UNIQUE INDEX "external_version_file_id_number" ON "external_version" ("file_id", "number");

CREATE TABLE "e_invoice" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "number" VARCHAR(20) NOT NULL,
    "seller_tax_id" VARCHAR(30) NOT NULL,
    "buyer_tax_id" VARCHAR(30) NOT NULL,
    "issued_on" DATE NOT NULL,
    "total" BIGINT NOT NULL,
    "file_id" INTEGER NOT NULL,
    "invoice_id" INTEGER,
    "found_by" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("file_id") REFERENCES "external_file" ("id"),
    FOREIGN KEY ("invoice_id") REFERENCES "document" ("id")
);
CREATE UNIQUE INDEX "e_invoice_number" ON "e_invoice" ("number");
CREATE INDEX "e_invoice_buyer_tax_id" ON "e_invoice" ("buyer_tax_id");
CREATE INDEX "e_invoice_file_id" ON "e_invoice" ("file_id");
CREATE INDEX "e_invoice_invoice_id" ON "e_invoice" ("invoice_id");

CREATE TABLE "year_package" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "year" INTEGER NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "claimed_at" TIMESTAMP,
    "finished_at" TIMESTAMP,
    "count" INTEGER NOT NULL,
    "size" BIGINT NOT NULL,
    "sha" VARCHAR(64) NOT NULL,
    "error" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE INDEX "year_package_state" ON "year_package" ("state");
CREATE INDEX "year_package_by_id" ON "year_package" ("by_id");


-- Inspections, legal holds and destruction

CREATE TABLE "inspection" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL,
    "by_id" INTEGER,
    "at" TIMESTAMP NOT NULL,
    "claimed_at" TIMESTAMP,
    "finished_at" TIMESTAMP,
    "checked" INTEGER NOT NULL,
    "counts" TEXT NOT NULL,
    "digest" VARCHAR(80) NOT NULL,
    "error" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE INDEX "inspection_state" ON "inspection" ("state");
CREATE INDEX "inspection_by_id" ON "inspection" ("by_id");

CREATE TABLE "inspection_finding" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "inspection_id" INTEGER NOT NULL,
    "filing_id" INTEGER,
    "test" VARCHAR(12) NOT NULL,
    "code" VARCHAR(30) NOT NULL,
    "facts" TEXT NOT NULL,
    FOREIGN KEY ("inspection_id") REFERENCES "inspection" ("id"),
    FOREIGN KEY ("filing_id") REFERENCES "filing" ("id")
);
CREATE INDEX "inspection_finding_inspection_id" ON "inspection_finding" ("inspection_id");
CREATE INDEX "inspection_finding_filing_id" ON "inspection_finding" ("filing_id");

CREATE TABLE "legal_hold" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "customer_id" INTEGER,
    "document_id" INTEGER,
    "query" VARCHAR(200) NOT NULL,
    "placed_by_id" INTEGER NOT NULL,
    "placed_at" TIMESTAMP NOT NULL,
    "lifted_at" TIMESTAMP,
    "lift_reason" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("document_id") REFERENCES "document" ("id"),
    FOREIGN KEY ("placed_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "legal_hold_state" ON "legal_hold" ("state");
CREATE INDEX "legal_hold_customer_id" ON "legal_hold" ("customer_id");
CREATE INDEX "legal_hold_document_id" ON "legal_hold" ("document_id");
CREATE INDEX "legal_hold_placed_by_id" ON "legal_hold" ("placed_by_id");

CREATE TABLE "destruction_list" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "number" VARCHAR(20) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "opinion" VARCHAR(1000) NOT NULL,
    "proposer_id" INTEGER NOT NULL,
    "proposed_at" TIMESTAMP NOT NULL,
    "approver_id" INTEGER,
    "decided_at" TIMESTAMP,
    "decision" VARCHAR(500) NOT NULL,
    "destroyed_at" TIMESTAMP,
    "doomed" TEXT NOT NULL,
    "erased_at" TIMESTAMP,
    "certificate" VARCHAR(64),
    "filing_id" INTEGER,
    FOREIGN KEY ("proposer_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("approver_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("filing_id") REFERENCES "filing" ("id")
);
CREATE UNIQUE INDEX "destruction_list_number" ON "destruction_list" ("number");
CREATE INDEX "destruction_list_state" ON "destruction_list" ("state");
CREATE INDEX "destruction_list_proposer_id" ON "destruction_list" ("proposer_id");
CREATE INDEX "destruction_list_approver_id" ON "destruction_list" ("approver_id");
CREATE INDEX "destruction_list_filing_id" ON "destruction_list" ("filing_id");

CREATE TABLE "destruction_item" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "list_id" INTEGER NOT NULL,
    "filing_id" INTEGER NOT NULL,
    "code" VARCHAR(40) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "kind" VARCHAR(24) NOT NULL,
    "first_year" INTEGER NOT NULL,
    "last_year" INTEGER NOT NULL,
    "files" INTEGER NOT NULL,
    "term" INTEGER,
    "kept" INTEGER NOT NULL,
    "sha" VARCHAR(64) NOT NULL,
    "at" TIMESTAMP,
    FOREIGN KEY ("list_id") REFERENCES "destruction_list" ("id"),
    FOREIGN KEY ("filing_id") REFERENCES "filing" ("id")
);
CREATE INDEX "destruction_item_list_id" ON "destruction_item" ("list_id");
CREATE INDEX "destruction_item_filing_id" ON "destruction_item" ("filing_id");

CREATE TABLE "destruction_witness" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "list_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "checked_at" TIMESTAMP,
    "signed_at" TIMESTAMP,
    FOREIGN KEY ("list_id") REFERENCES "destruction_list" ("id"),
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE INDEX "destruction_witness_list_id" ON "destruction_witness" ("list_id");
CREATE INDEX "destruction_witness_user_id" ON "destruction_witness" ("user_id");
CREATE UNIQUE INDEX "destruction_witness_list_id_user_id"
    ON "destruction_witness" ("list_id", "user_id");


-- Care for customers

CREATE TABLE "contact_plan" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(60) NOT NULL,
    "tag" VARCHAR(60) NOT NULL,
    "every_days" INTEGER NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "what" VARCHAR(200) NOT NULL,
    "since" DATE NOT NULL,
    "active" BOOLEAN NOT NULL
);

CREATE TABLE "calendar_feed" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "token" VARCHAR(64) NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE UNIQUE INDEX "calendar_feed_user_id" ON "calendar_feed" ("user_id");
CREATE UNIQUE INDEX "calendar_feed_token" ON "calendar_feed" ("token");

CREATE TABLE "follow_up" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "what" VARCHAR(200) NOT NULL,
    "due_on" DATE NOT NULL,
    "hour" VARCHAR(5) NOT NULL,
    "note" TEXT NOT NULL,
    "cause" VARCHAR(60) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "outcome" TEXT NOT NULL,
    "closed_on" DATE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("owner_id") REFERENCES "users" ("id")
);
CREATE INDEX "follow_up_customer_id" ON "follow_up" ("customer_id");
CREATE INDEX "follow_up_owner_id" ON "follow_up" ("owner_id");
CREATE INDEX "follow_up_due_on" ON "follow_up" ("due_on");
CREATE INDEX "follow_up_cause" ON "follow_up" ("cause");
CREATE INDEX "follow_up_state" ON "follow_up" ("state");

CREATE TABLE "survey" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "contact_id" INTEGER NOT NULL,
    "document_id" INTEGER,
    "cause" VARCHAR(40) NOT NULL,
    "key" VARCHAR(60) NOT NULL,
    "token" VARCHAR(64) NOT NULL,
    "asked_at" TIMESTAMP NOT NULL,
    "score" INTEGER,
    "comment" TEXT NOT NULL,
    "answered_at" TIMESTAMP,
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id"),
    FOREIGN KEY ("document_id") REFERENCES "document" ("id")
);
CREATE INDEX "survey_contact_id" ON "survey" ("contact_id");
CREATE INDEX "survey_document_id" ON "survey" ("document_id");
CREATE UNIQUE INDEX "survey_key" ON "survey" ("key");
CREATE UNIQUE INDEX "survey_token" ON "survey" ("token");

CREATE TABLE "feedback" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "customer_id" INTEGER NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "survey_id" INTEGER,
    "kind" VARCHAR(10) NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "reply" TEXT NOT NULL,
    "replied_by_id" INTEGER,
    "closing" TEXT NOT NULL,
    "closed_on" DATE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id"),
    FOREIGN KEY ("survey_id") REFERENCES "survey" ("id"),
    FOREIGN KEY ("replied_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "feedback_customer_id" ON "feedback" ("customer_id");
CREATE INDEX "feedback_contact_id" ON "feedback" ("contact_id");
CREATE INDEX "feedback_survey_id" ON "feedback" ("survey_id");
CREATE INDEX "feedback_state" ON "feedback" ("state");
CREATE INDEX "feedback_replied_by_id" ON "feedback" ("replied_by_id");

CREATE TABLE "occasion" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(20) NOT NULL,
    "active" BOOLEAN NOT NULL,
    "lead_days" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "occasion_key" ON "occasion" ("key");

CREATE TABLE "greeting_text" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "occasion" VARCHAR(20) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "subject" VARCHAR(200) NOT NULL,
    "text" TEXT NOT NULL
);
CREATE UNIQUE INDEX "greeting_text_occasion_language" ON "greeting_text" ("occasion", "language");

CREATE TABLE "greeting_batch" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "occasion" VARCHAR(20) NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "approved_by_id" INTEGER,
    FOREIGN KEY ("approved_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "greeting_batch_state" ON "greeting_batch" ("state");
CREATE INDEX "greeting_batch_approved_by_id" ON "greeting_batch" ("approved_by_id");
CREATE UNIQUE INDEX "greeting_batch_occasion_first_day"
    ON "greeting_batch" ("occasion", "first_day");

CREATE TABLE "greeting" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "batch_id" INTEGER NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "years" INTEGER,
    "channel" VARCHAR(5) NOT NULL,
    "subject" VARCHAR(200) NOT NULL,
    "text" TEXT NOT NULL,
    "held" VARCHAR(20) NOT NULL,
    "sent_at" TIMESTAMP,
    FOREIGN KEY ("batch_id") REFERENCES "greeting_batch" ("id"),
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id")
);
CREATE INDEX "greeting_batch_id" ON "greeting" ("batch_id");
CREATE INDEX "greeting_contact_id" ON "greeting" ("contact_id");
CREATE INDEX "greeting_day" ON "greeting" ("day");
CREATE UNIQUE INDEX "greeting_batch_id_contact_id_day"
    ON "greeting" ("batch_id", "contact_id", "day");

CREATE TABLE "opt_out_link" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "contact_id" INTEGER NOT NULL,
    "token" VARCHAR(64) NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("contact_id") REFERENCES "contact" ("id")
);
CREATE INDEX "opt_out_link_contact_id" ON "opt_out_link" ("contact_id");
CREATE UNIQUE INDEX "opt_out_link_token" ON "opt_out_link" ("token");


-- Insights

CREATE TABLE "target" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "month" DATE NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "users" ("id")
);
CREATE INDEX "target_owner_id" ON "target" ("owner_id");
CREATE UNIQUE INDEX "target_owner_id_month_currency" ON "target" ("owner_id", "month", "currency");

CREATE TABLE "act" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(10) NOT NULL,
    "cause" VARCHAR(10) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "currency" VARCHAR(3) NOT NULL,
    "facts" TEXT NOT NULL,
    "options" TEXT NOT NULL,
    "made_by_id" INTEGER NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "decided_by_id" INTEGER,
    "decided_at" TIMESTAMP,
    "reason" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("made_by_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("decided_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "act_state" ON "act" ("state");
CREATE INDEX "act_made_by_id" ON "act" ("made_by_id");
CREATE INDEX "act_decided_by_id" ON "act" ("decided_by_id");

CREATE TABLE "act_member" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "act_id" INTEGER NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "control" BOOLEAN NOT NULL,
    FOREIGN KEY ("act_id") REFERENCES "act" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("customer_id") REFERENCES "customer" ("id")
);
CREATE INDEX "act_member_act_id" ON "act_member" ("act_id");
CREATE INDEX "act_member_customer_id" ON "act_member" ("customer_id");
CREATE UNIQUE INDEX "act_member_act_id_customer_id" ON "act_member" ("act_id", "customer_id");

CREATE TABLE "monthly_paper" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "month" VARCHAR(7) NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "snapshot" TEXT NOT NULL,
    "paper" VARCHAR(64) NOT NULL
);
CREATE UNIQUE INDEX "monthly_paper_month" ON "monthly_paper" ("month");


-- The house: findings, handbook, training

CREATE TABLE "finding" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "rule" VARCHAR(40) NOT NULL,
    "serious" BOOLEAN NOT NULL,
    "subject_type" VARCHAR(40) NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "about" VARCHAR(200) NOT NULL,
    "facts" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "found_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "live" VARCHAR(90),
    "correction" TEXT NOT NULL,
    "corrected_on" DATE,
    "corrected_by_id" INTEGER,
    "closed_on" DATE,
    "closed_by_id" INTEGER,
    "closing" TEXT NOT NULL,
    "accepted_until" DATE,
    "escalated_on" DATE,
    FOREIGN KEY ("owner_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("corrected_by_id") REFERENCES "users" ("id"),
    FOREIGN KEY ("closed_by_id") REFERENCES "users" ("id")
);
CREATE INDEX "finding_rule" ON "finding" ("rule");
CREATE INDEX "finding_owner_id" ON "finding" ("owner_id");
CREATE INDEX "finding_found_on" ON "finding" ("found_on");
CREATE INDEX "finding_state" ON "finding" ("state");
CREATE UNIQUE INDEX "finding_live" ON "finding" ("live");
CREATE INDEX "finding_corrected_by_id" ON "finding" ("corrected_by_id");
CREATE INDEX "finding_closed_by_id" ON "finding" ("closed_by_id");

CREATE TABLE "house_text" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(40) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "edition" INTEGER NOT NULL,
    "after" INTEGER NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "text" TEXT NOT NULL,
    "reason" VARCHAR(200) NOT NULL,
    "author_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("author_id") REFERENCES "users" ("id")
);
CREATE INDEX "house_text_key" ON "house_text" ("key");
CREATE INDEX "house_text_author_id" ON "house_text" ("author_id");
CREATE UNIQUE INDEX "house_text_key_language_after" ON "house_text" ("key", "language", "after");

CREATE TABLE "own_section" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(40) NOT NULL,
    "folder" VARCHAR(10) NOT NULL,
    "roles" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL
);
CREATE UNIQUE INDEX "own_section_key" ON "own_section" ("key");
CREATE INDEX "own_section_state" ON "own_section" ("state");

CREATE TABLE "acknowledgement" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "key" VARCHAR(40) NOT NULL,
    "edition" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE INDEX "acknowledgement_user_id" ON "acknowledgement" ("user_id");
CREATE UNIQUE INDEX "acknowledgement_user_id_key_edition"
    ON "acknowledgement" ("user_id", "key", "edition");

CREATE TABLE "requirement" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "role" VARCHAR(20) NOT NULL,
    "course" VARCHAR(40) NOT NULL,
    "blocks" BOOLEAN NOT NULL,
    "days" INTEGER NOT NULL,
    "valid_months" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "requirement_role_course" ON "requirement" ("role", "course");

CREATE TABLE "training" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "user_id" INTEGER NOT NULL,
    "course" VARCHAR(40) NOT NULL,
    "assigned_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "rests_on" DATE,
    "state" VARCHAR(10) NOT NULL,
    "tries" INTEGER NOT NULL,
    "score" INTEGER,
    "passed_on" DATE,
    "valid_until" DATE,
    "certificate" VARCHAR(20),
    FOREIGN KEY ("user_id") REFERENCES "users" ("id")
);
CREATE INDEX "training_user_id" ON "training" ("user_id");
CREATE INDEX "training_due_on" ON "training" ("due_on");
CREATE INDEX "training_state" ON "training" ("state");
CREATE UNIQUE INDEX "training_certificate" ON "training" ("certificate");


-- Imports

CREATE TABLE "import" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "target" VARCHAR(12) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "filename" VARCHAR(255) NOT NULL,
    "file" VARCHAR(64) NOT NULL,
    "mapping" TEXT NOT NULL,
    "options" TEXT NOT NULL,
    "findings" TEXT NOT NULL,
    "by_id" INTEGER NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "claimed_at" TIMESTAMP,
    "finished_at" TIMESTAMP,
    "error" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("by_id") REFERENCES "users" ("id")
);
CREATE INDEX "import_state" ON "import" ("state");
CREATE INDEX "import_by_id" ON "import" ("by_id");

CREATE TABLE "imported_row" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "import_id" INTEGER NOT NULL,
    "model" VARCHAR(30) NOT NULL,
    "row" INTEGER NOT NULL,
    "action" VARCHAR(10) NOT NULL,
    "before" TEXT,
    "after" TEXT,
    FOREIGN KEY ("import_id") REFERENCES "import" ("id")
);
CREATE INDEX "imported_row_import_id" ON "imported_row" ("import_id");


-- Search

CREATE TABLE "indexed_text" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "ident" INTEGER NOT NULL,
    "own" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "at" TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX "indexed_text_kind_ident" ON "indexed_text" ("kind", "ident");

CREATE TABLE "search_entry" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "ref" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "pairs" TEXT NOT NULL
);
CREATE UNIQUE INDEX "search_entry_kind_ref" ON "search_entry" ("kind", "ref");
CREATE INDEX "search_entry_pairs_gin" ON "search_entry" USING gin (string_to_array("pairs", ' '));

-- The extension may be missing or not allowed: the search is then as right, only slower.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')
        AND has_database_privilege(current_database(), 'CREATE')
    THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX "indexed_text_trigrams" ON "indexed_text" USING gin ("body" gin_trgm_ops);
        CREATE INDEX "search_entry_words" ON "search_entry" USING gin ("words" gin_trgm_ops);
    END IF;
END
$$;


-- The journal, repeated requests, workers, mail

CREATE TABLE "event" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "at" TIMESTAMP NOT NULL,
    "version" INTEGER NOT NULL,
    "actor_type" VARCHAR(20) NOT NULL,
    "actor_id" INTEGER,
    "actor_name" VARCHAR(255) NOT NULL,
    "action" VARCHAR(60) NOT NULL,
    "subject_type" VARCHAR(40) NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "origin" VARCHAR(255),
    "content" VARCHAR(64) NOT NULL,
    "previous" VARCHAR(64) NOT NULL,
    "hash" VARCHAR(64) NOT NULL
);
CREATE UNIQUE INDEX "event_previous" ON "event" ("previous");
CREATE INDEX "event_subject_type_subject_id" ON "event" ("subject_type", "subject_id");

CREATE TABLE "outcome" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "who" VARCHAR(40) NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    "route" VARCHAR(255) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "answer" TEXT
);
CREATE UNIQUE INDEX "outcome_who_key" ON "outcome" ("who", "key");

CREATE TABLE "lease" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(255) NOT NULL,
    "holder" VARCHAR(255) NOT NULL,
    "until" TIMESTAMP NOT NULL,
    "trouble" VARCHAR(500) NOT NULL
);
CREATE UNIQUE INDEX "lease_name" ON "lease" ("name");

CREATE TABLE "mail" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(255) NOT NULL,
    "message_id" VARCHAR(255) NOT NULL,
    "recipient" VARCHAR(255) NOT NULL,
    "template" VARCHAR(40) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "context" TEXT NOT NULL,
    "document" INTEGER,
    "contact" INTEGER,
    "reminder" INTEGER,
    "attachment" VARCHAR(64),
    "filename" VARCHAR(255) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "tries" INTEGER NOT NULL,
    "error" VARCHAR(500) NOT NULL,
    "queued_at" TIMESTAMP NOT NULL,
    "next_at" TIMESTAMP NOT NULL,
    "sent_at" TIMESTAMP
);
CREATE UNIQUE INDEX "mail_key" ON "mail" ("key");
CREATE INDEX "mail_document" ON "mail" ("document");
CREATE INDEX "mail_state" ON "mail" ("state");
CREATE INDEX "mail_message_id" ON "mail" ("message_id");
CREATE INDEX "mail_contact" ON "mail" ("contact");


-- Backups and maintenance

CREATE TABLE "place" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(60) NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "settings" TEXT NOT NULL,
    "secret" VARCHAR(8000) NOT NULL,
    "rhythm" VARCHAR(10) NOT NULL,
    "hour" INTEGER NOT NULL,
    "keep" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "begun" BOOLEAN NOT NULL,
    "asked" BOOLEAN NOT NULL,
    "claimed_at" TIMESTAMP,
    "last_at" TIMESTAMP,
    "proven_at" TIMESTAMP,
    "next_at" TIMESTAMP,
    "tries" INTEGER NOT NULL,
    "trouble" VARCHAR(500) NOT NULL
);

CREATE TABLE "backup" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "place_id" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "taken_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "expires_on" DATE NOT NULL,
    "rows" INTEGER NOT NULL,
    "files" INTEGER NOT NULL,
    "new_files" INTEGER NOT NULL,
    "size" BIGINT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "proven_at" TIMESTAMP,
    "error" VARCHAR(500) NOT NULL,
    FOREIGN KEY ("place_id") REFERENCES "place" ("id")
);
CREATE INDEX "backup_place_id" ON "backup" ("place_id");
CREATE INDEX "backup_state" ON "backup" ("state");
CREATE UNIQUE INDEX "backup_place_id_name" ON "backup" ("place_id", "name");

CREATE TABLE "announcement" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "begins_at" TIMESTAMP NOT NULL,
    "ends_at" TIMESTAMP NOT NULL,
    "text" VARCHAR(500) NOT NULL,
    "withdrawn" BOOLEAN NOT NULL
);
CREATE INDEX "announcement_ends_at" ON "announcement" ("ends_at");
