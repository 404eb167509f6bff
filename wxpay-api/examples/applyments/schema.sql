-- The program's own memory. It has numbers and states, and no name, identity number or bank account of anybody.

CREATE TABLE IF NOT EXISTS applications (
    business_code  TEXT PRIMARY KEY,            -- the name of the folder; every submission of an application has it
    state          TEXT NOT NULL CHECK (state IN ('ready', 'submitting', 'refused', 'editing', 'auditing', 'rejected',
                                                  'to_be_confirmed', 'to_be_signed', 'signing', 'finished', 'canceled')),
    content        TEXT NOT NULL,               -- a digest of the form and its pictures: what was sent, or is about to be
    sent_at        INTEGER,                     -- written before a submission is sent
    applyment_id   INTEGER UNIQUE,              -- WeChat Pay's number
    sub_mchid      TEXT UNIQUE,                 -- the new merchant
    sign_url       TEXT,                        -- for the merchant: where it verifies its account and signs
    refusal        TEXT,                        -- why WeChat Pay did not accept the latest submission
    CHECK (state <> 'finished' OR sub_mchid IS NOT NULL)
) STRICT;

-- Pictures that are uploaded, so that a run that goes on after a kill does not upload them again.
CREATE TABLE IF NOT EXISTS pictures (
    business_code  TEXT NOT NULL REFERENCES applications,
    digest         TEXT NOT NULL,
    media_id       TEXT NOT NULL,
    PRIMARY KEY (business_code, digest)
) STRICT;

-- What the auditors rejected, for the person who corrects it.
CREATE TABLE IF NOT EXISTS rejections (
    business_code  TEXT NOT NULL REFERENCES applications,
    field          TEXT NOT NULL,
    field_name     TEXT NOT NULL,
    reason         TEXT NOT NULL
) STRICT;

-- Changes of settlement accounts. WeChat Pay has no number of ours for them, so the name of the file is it.
CREATE TABLE IF NOT EXISTS account_changes (
    business_code  TEXT NOT NULL REFERENCES applications,
    name           TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('sending', 'auditing', 'accepted', 'refused')),
    application_no TEXT,                        -- WeChat Pay's number
    reason         TEXT,                        -- why it was refused
    PRIMARY KEY (business_code, name)
) STRICT;

CREATE TABLE IF NOT EXISTS payments (
    out_trade_no   TEXT PRIMARY KEY,
    sub_mchid      TEXT NOT NULL REFERENCES applications (sub_mchid),
    description    TEXT NOT NULL,
    total          INTEGER NOT NULL CHECK (total > 0),      -- in fen
    state          TEXT NOT NULL CHECK (state IN ('unpaid', 'paid', 'closed')),
    transaction_id TEXT UNIQUE,
    CHECK ((state = 'paid') = (transaction_id IS NOT NULL))
) STRICT;
