-- Whose customers one sees is asked by every page of a salesperson and of a manager.
CREATE INDEX "customer_whose" ON "customer" ("owner_id", "main_id");
