//! Bills, their links and their digests.

use std::io::Read;

use aes_gcm::aead::consts::{U16, U32};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{AesGcm, Nonce, aes::Aes256};
use flate2::read::GzDecoder;
use serde_json::Value;
use wxpay_api::protocol::digest::sha1_hex;
use wxpay_api::sandbox::{Account, BillDigest, BillFile, Fault, PlannedResponse, Sandbox};

use crate::support::{Forgery, Got, builder};

const TRADE: &str = "/v3/bill/tradebill?bill_date=2025-03-01";
const FUND_FLOW: &str = "/v3/bill/fundflowbill?bill_date=2025-03-01";
const SUB_MERCHANT: &str =
    "/v3/bill/sub-merchant-fundflowbill?bill_date=2025-03-01&algorithm=AEAD_AES_256_GCM";
const PAYSCORE: &str =
    "/v3/payscore/merchant-bill?bill_date=2025-03-01&encryption_algorithm=AEAD_AES_256_GCM";

/// Starts a sandbox whose bills are samples.
async fn start() -> Sandbox {
    builder().examples().start().await.unwrap()
}

async fn ask(sandbox: &Sandbox, target: &str) -> Value {
    let got = Forgery::get(target).send(sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    got.json()
}

async fn follow(sandbox: &Sandbox, link: &Value) -> Got {
    let target = link["download_url"].as_str().unwrap().strip_prefix(sandbox.url()).unwrap();
    Forgery::get(target).header("Accept", "*/*").send(sandbox).await
}

fn gunzip(file: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(file).read_to_end(&mut plain).unwrap();
    plain
}

/// Decrypts with another implementation than the sandbox's.
fn decrypt(account: &Account, link: &Value, file: &[u8]) -> Vec<u8> {
    let key = account.merchant().decrypt(link["encrypt_key"].as_str().unwrap()).unwrap();
    let nonce = link["nonce"].as_str().unwrap().as_bytes();
    let plain = match nonce.len() {
        16 => AesGcm::<Aes256, U16>::new_from_slice(&key)
            .unwrap()
            .decrypt(&Nonce::<U16>::try_from(nonce).unwrap(), file),
        _ => AesGcm::<Aes256, U32>::new_from_slice(&key)
            .unwrap()
            .decrypt(&Nonce::<U32>::try_from(nonce).unwrap(), file),
    };
    plain.unwrap()
}

#[tokio::test]
async fn rows_are_made_up_and_their_digest_announced() {
    let sandbox = start().await;
    sandbox.set_bill(BillFile::rows(2500));
    for (target, names) in [(TRADE, "交易时间"), (FUND_FLOW, "记账时间")] {
        let link = ask(&sandbox, target).await;
        let got = follow(&sandbox, &link).await;
        assert_eq!(link["hash_value"], sha1_hex(&got.body));
        let text = got.text();
        assert!(text.starts_with(&format!("\u{feff}{names}")), "{text:.200}");
        assert_eq!(text.lines().count(), 2503);
        assert!(text.lines().nth(1).unwrap().starts_with("`2025-03-01 00:00:00,`"));
    }
}

#[cfg(feature = "bills")]
#[tokio::test]
async fn rows_are_those_of_a_bill_and_add_up() {
    use wxpay_api::bills::{Decimal, FundFlowBill, RowReader, TradeBill};
    let sandbox = start().await;
    sandbox.set_bill(BillFile::rows(95));
    let got = follow(&sandbox, &ask(&sandbox, TRADE).await).await;
    let mut rows = RowReader::<TradeBill, _>::new(&got.body[..]);
    let (mut paid, mut refunded, mut fees) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for row in &mut rows {
        let row = row.unwrap();
        assert_eq!(row.mchid, sandbox.merchant().id());
        assert_eq!(row.trade_state == "REFUND", row.refund_amount != Some(Decimal::ZERO));
        paid += row.order_amount.unwrap();
        refunded += row.refund_amount.unwrap();
        fees += row.fee.unwrap();
    }
    let summary = rows.finish().unwrap();
    assert_eq!(summary.trade_count, Some(95));
    assert_eq!((summary.order_total, summary.refund_total), (Some(paid), Some(refunded)));
    assert_eq!(summary.fee_total, Some(fees));
    let got = follow(&sandbox, &ask(&sandbox, FUND_FLOW).await).await;
    let mut rows = RowReader::<FundFlowBill, _>::new(&got.body[..]);
    let mut balance = Decimal::ZERO;
    for row in &mut rows {
        let row = row.unwrap();
        let amount = row.amount.unwrap();
        balance += if row.direction == "收入" { amount } else { -amount };
        assert_eq!(row.balance, Some(balance));
    }
    let summary = rows.finish().unwrap();
    assert_eq!((summary.flow_count, summary.expense_count), (Some(95), Some(9)));
    assert_eq!(summary.income_amount.unwrap() - summary.expense_amount.unwrap(), balance);
}

#[tokio::test]
async fn rows_come_compressed() {
    let sandbox = start().await;
    sandbox.set_bill(BillFile::rows(5000));
    let link = ask(&sandbox, &format!("{TRADE}&tar_type=GZIP")).await;
    let got = follow(&sandbox, &link).await;
    assert_eq!(got.headers["Content-Type"], "application/x-gzip");
    assert_eq!(link["hash_value"], sha1_hex(&gunzip(&got.body)));
}

#[tokio::test]
async fn encrypted_bills_have_long_nonces_and_keys_for_the_merchant() {
    let sandbox = start().await;
    for (target, path, nonce) in [
        (SUB_MERCHANT, "/v3/bill/downloadurl?token=", 16),
        (PAYSCORE, "/v3/payscore/bill/downloadurl?token=", 32),
    ] {
        let response = ask(&sandbox, target).await;
        assert_eq!(response["download_bill_count"], 1);
        let link = &response["download_bill_list"][0];
        assert_eq!(link["nonce"].as_str().unwrap().len(), nonce);
        assert!(link["download_url"].as_str().unwrap().contains(path));
        let got = follow(&sandbox, link).await;
        assert!(got.headers.get("Wechatpay-Signature").is_none());
        let plain = decrypt(&sandbox, link, &got.body);
        assert_eq!(plain.len() + 16, got.body.len(), "ciphertext and tag, not in Base64");
        assert_eq!(link["hash_value"], sha1_hex(&plain));
    }
}

#[tokio::test]
async fn encrypted_bills_come_in_several_files() {
    let sandbox = start().await;
    sandbox.set_bill(BillFile::rows(1000));
    let whole = follow(&sandbox, &ask(&sandbox, FUND_FLOW).await).await.body;
    sandbox.set_bill(BillFile::rows(1000).files(3));
    for gzip in [false, true] {
        let tar_type = if gzip { "&tar_type=GZIP" } else { "" };
        let response = ask(&sandbox, &format!("{SUB_MERCHANT}{tar_type}")).await;
        assert_eq!(response["download_bill_count"], 3);
        let mut joined = Vec::new();
        for (index, link) in response["download_bill_list"].as_array().unwrap().iter().enumerate() {
            assert_eq!(link["bill_sequence"], index + 1);
            let file = decrypt(&sandbox, link, &follow(&sandbox, link).await.body);
            let part = if gzip { gunzip(&file) } else { file };
            assert_eq!(link["hash_value"], sha1_hex(&part));
            joined.extend(part);
        }
        assert_eq!(joined, whole);
    }
}

#[tokio::test]
async fn a_given_bill_is_split_too() {
    let sandbox = start().await;
    sandbox.set_bill(BillFile::from("0123456789").files(3));
    let mut joined = Vec::new();
    for link in ask(&sandbox, PAYSCORE).await["download_bill_list"].as_array().unwrap() {
        joined.extend(decrypt(&sandbox, link, &follow(&sandbox, link).await.body));
    }
    assert_eq!(joined, b"0123456789");
}

#[tokio::test]
async fn the_digest_may_be_that_of_the_file_as_sent_or_of_none() {
    let sandbox = start().await;
    sandbox.set_bill(BillFile::rows(10).digest(BillDigest::Sent));
    let response = ask(&sandbox, &format!("{SUB_MERCHANT}&tar_type=GZIP")).await;
    let link = &response["download_bill_list"][0];
    let sent = follow(&sandbox, link).await.body;
    assert_eq!(link["hash_value"], sha1_hex(&sent));
    sandbox.set_bill(BillFile::rows(10).digest(BillDigest::Wrong));
    let link = ask(&sandbox, TRADE).await;
    assert_ne!(link["hash_value"], sha1_hex(&follow(&sandbox, &link).await.body));
}

#[tokio::test]
async fn links_expire_and_are_for_one_merchant() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    for target in [TRADE, SUB_MERCHANT] {
        let response = ask(&sandbox, target).await;
        let link = response.pointer("/download_bill_list/0").unwrap_or(&response);
        let target = link["download_url"].as_str().unwrap().strip_prefix(sandbox.url()).unwrap();
        let got = Forgery::get(target).signer(other.merchant());
        let got = got.header("Wechatpay-Serial", &other.wechatpay_public_key().0);
        let got = got.send(&sandbox).await;
        assert_eq!((got.status, &got.json()["code"]), (403, &"NO_AUTH".into()));
        assert_eq!(follow(&sandbox, link).await.status, 200);
        sandbox.expire_bill_links();
        let got = follow(&sandbox, link).await;
        assert_eq!((got.status, &got.json()["code"]), (400, &"INVALID_REQUEST".into()));
    }
}

#[tokio::test]
async fn a_bill_may_be_missing_or_not_made_yet() {
    let sandbox = start().await;
    sandbox.respond("GET", "/v3/bill/tradebill", PlannedResponse::statement_creating()).unwrap();
    sandbox.respond("GET", "/v3/bill/tradebill", PlannedResponse::no_statement()).unwrap();
    for code in ["STATEMENT_CREATING", "NO_STATEMENT_EXIST"] {
        let got = Forgery::get(TRADE).send(&sandbox).await;
        assert_eq!((got.status, got.json()["code"].as_str()), (400, Some(code)));
    }
    ask(&sandbox, TRADE).await;
}

#[tokio::test]
async fn a_long_bill_breaks_off() {
    let sandbox = start().await;
    sandbox.set_bill(BillFile::rows(5000));
    let link = ask(&sandbox, TRADE).await;
    let whole = follow(&sandbox, &link).await.body;
    sandbox.inject_fault(Fault::TruncatedBody);
    let cut = follow(&sandbox, &link).await.body;
    assert!(!cut.is_empty() && whole.starts_with(&cut) && cut.len() < whole.len());
}

/// A bill has no limit: 200 MB pass without being held in memory.
#[tokio::test]
async fn a_huge_bill_flows() {
    let sandbox = start().await;
    sandbox.set_bill(BillFile::rows(800_000));
    let link = ask(&sandbox, TRADE).await;
    let target = link["download_url"].as_str().unwrap().strip_prefix(sandbox.url()).unwrap();
    let read = Forgery::get(target).header("Accept", "*/*").count(&sandbox).await;
    assert!(read > 200_000_000, "{read}");
}
