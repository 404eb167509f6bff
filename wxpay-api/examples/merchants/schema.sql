-- The orders of all merchants. Amounts are in fen.

CREATE TABLE IF NOT EXISTS orders (
    mchid          TEXT NOT NULL,
    out_trade_no   TEXT NOT NULL,               -- the merchant's own number; two merchants may have the same
    appid          TEXT NOT NULL,               -- that of the merchant when the order was made
    description    TEXT NOT NULL,
    total          INTEGER NOT NULL CHECK (total > 0),
    state          TEXT NOT NULL CHECK (state IN ('unpaid', 'paid', 'closed')),
    transaction_id TEXT UNIQUE,                 -- WeChat Pay's number: one payment pays one order
    PRIMARY KEY (mchid, out_trade_no),
    CHECK ((state = 'paid') = (transaction_id IS NOT NULL))
) STRICT;
