-- The shop's books. Amounts are in fen. States change inside a transaction, and only the way that orders.rs and refunds.rs allow.

CREATE TABLE IF NOT EXISTS orders (
    out_trade_no   TEXT PRIMARY KEY,            -- the shop's own number, made before anything is sent
    description    TEXT NOT NULL,
    total          INTEGER NOT NULL CHECK (total > 0),
    openid         TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('unpaid', 'paid', 'closed')),
    transaction_id TEXT UNIQUE,                 -- WeChat Pay's number: one payment pays one order
    success_time   TEXT,                        -- as WeChat Pay wrote it, with its offset
    created_at     INTEGER NOT NULL DEFAULT (unixepoch()),
    prepaid_at     INTEGER,                     -- when the shop last asked for a prepay_id; written before that is sent
    CHECK ((state = 'paid') = (transaction_id IS NOT NULL AND success_time IS NOT NULL))
) STRICT;

-- What is to be sent to customers. It is written with the payment, so that an order is shipped once or not at all.
CREATE TABLE IF NOT EXISTS shipments (
    out_trade_no   TEXT PRIMARY KEY REFERENCES orders,
    shipped_at     INTEGER                      -- NULL until the warehouse sent it
) STRICT;

CREATE TABLE IF NOT EXISTS refunds (
    out_refund_no  TEXT PRIMARY KEY,            -- the shop's own number, kept before anything is sent
    out_trade_no   TEXT NOT NULL REFERENCES orders,
    amount         INTEGER NOT NULL CHECK (amount > 0),
    state          TEXT NOT NULL CHECK (state IN ('requested', 'processing', 'succeeded', 'abnormal', 'closed')),
    refund_id      TEXT UNIQUE,                 -- WeChat Pay's number
    create_time    TEXT,                        -- when WeChat Pay accepted it, as it wrote it
    requested_at   INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE INDEX IF NOT EXISTS refunds_of_an_order ON refunds (out_trade_no);

-- What a person has to decide. The same incident is kept once, however often a notification comes.
CREATE TABLE IF NOT EXISTS incidents (
    number         TEXT NOT NULL,               -- of the order or the refund
    what           TEXT NOT NULL,
    seen_at        INTEGER NOT NULL DEFAULT (unixepoch()),
    PRIMARY KEY (number, what)
) STRICT;

-- The books as a bill shows them: a line for each payment and refund, with the Beijing day that it belongs to.
CREATE VIEW IF NOT EXISTS booked AS
    SELECT 'payment' AS kind, out_trade_no AS number, transaction_id AS wechat_pay_id, total AS fen,
           state, state = 'paid' AS moved_money, date(success_time, '+8 hours') AS day
    FROM orders
    UNION ALL
    SELECT 'refund', out_refund_no, refund_id, amount,
           state, state IN ('processing', 'succeeded', 'abnormal'),
           date(coalesce(unixepoch(create_time), requested_at), 'unixepoch', '+8 hours')
    FROM refunds;

-- The latest attempt to reconcile a day. The day is done when its bill was compared.
CREATE TABLE IF NOT EXISTS reconciliations (
    day            TEXT PRIMARY KEY,            -- in Beijing
    tried_at       INTEGER NOT NULL,
    rows           INTEGER,                     -- of the bill; NULL until it was compared
    failure        TEXT,                        -- why it was not compared
    CHECK ((rows IS NULL) = (failure IS NOT NULL))
) STRICT;

-- Where a bill and the books differ. A person looks at each.
CREATE TABLE IF NOT EXISTS differences (
    day            TEXT NOT NULL REFERENCES reconciliations,
    what           TEXT NOT NULL
) STRICT;
