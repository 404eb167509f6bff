//! `bill download`, `bill check` and `bill csv`.

use std::io::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::Duration;

use csv_core::{ReadRecordResult, Reader};
use proptest::prelude::*;
use wxpay_api::bills::{FromRow, FundFlowRow, TradeRow};
use wxpay_api::sandbox::{BillDigest, BillFile, Fault, PlannedResponse};

use crate::support::{Ran, Shop, program};

const DAY: &str = "2025-03-01";

/// A shop whose order was paid the day before.
async fn shop_with_a_bill() -> (Shop, String) {
    let shop = Shop::open().await;
    shop.paid("order-1").await;
    let paid = shop.sandbox.order("order-1").unwrap().object().unwrap();
    let day = paid["success_time"].as_str().unwrap()[..10].to_owned();
    shop.sandbox.advance(Duration::from_secs(34 * 60 * 60));
    (shop, day)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_is_saved_when_it_is_complete() {
    let (shop, day) = shop_with_a_bill().await;
    let saved = shop.json(&["bill", "download", "trade", &day]);
    assert_eq!(saved["digest"], "verified");
    assert_eq!(saved["file"], format!("trade-{day}.csv"));
    let text = std::fs::read_to_string(shop.file(&format!("trade-{day}.csv"))).unwrap();
    assert!(text.contains("`order-1"), "{text}");
    assert_eq!(saved["bytes"], text.len());

    let again = shop.run(&["bill", "download", "trade", &day]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("`--force`"), "{}", again.stderr);
    let gzip = ["bill", "download", "trade", &day, "--force", "--gzip", "--bill-type", "SUCCESS"];
    let ran = shop.run(&gzip);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("the digest is the announced one"), "{}", ran.stdout);
    let out = shop.run(&["bill", "download", "fund-flow", &day, "--out", "-"]);
    assert!(out.stdout.contains("资金流水单号"), "{}", out.stdout);
    let unwritable = ["bill", "download", "trade", &day, "--out", "nowhere/bill.csv"];
    assert_eq!(shop.run(&unwritable).code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_digest_ends_with_6_and_leaves_no_file() {
    let shop = Shop::open().await;
    shop.sandbox.set_bill(BillFile::rows(10).digest(BillDigest::Wrong));
    let ran = shop.run(&["bill", "download", "trade", DAY]);
    assert_eq!(ran.code, 6, "{}", ran.stderr);
    assert!(ran.stderr.contains("SHA-1"), "{}", ran.stderr);
    let names: Vec<_> = shop.folder.path().read_dir().unwrap().collect();
    assert_eq!(names.len(), 1, "the folder of the sandbox alone: {names:?}");
    assert_eq!(shop.run(&["bill", "download", "trade", DAY, "--out", "-"]).code, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_downloaded() {
    let shop = Shop::open().await;
    shop.sandbox.set_bill(BillFile::rows(7).files(3));
    let kinds: [&[&str]; 11] = [
        &["trade", "--sub-mchid", "1900000110"],
        &["fund-flow", "--account-type", "OPERATION"],
        &["profit-sharing"],
        &["withdraw"],
        &["sub-merchant-fund-flow", "--sub-mchid", "1900000110", "--gzip"],
        &["ecommerce-fund-flow"],
        &["payscore", "--service-id", "500001"],
        &["business", "--sub-mchid", "1900000110"],
        &["funds-to-oversea"],
        &["global-profit-sharing"],
        &["global-profit-sharing-refund"],
    ];
    for kind in kinds {
        let ran = shop.run(&[&["bill", "download"], kind, &[DAY, "--out", "-"]].concat());
        assert_eq!(ran.code, 0, "{kind:?}: {}", ran.stderr);
        // Names, seven rows, names and values of the summary.
        assert_eq!(ran.stdout.lines().count(), 10, "{kind:?}: {}", ran.stdout);
    }
    for kind in ["sub-merchant-fund-flow", "payscore", "business"] {
        let ran = shop.run(&["bill", "download", kind, DAY]);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("needs `--"), "{}", ran.stderr);
    }
    let saved = shop.json(&["bill", "download", "global-profit-sharing", DAY]);
    assert_eq!(saved["digest"], "unchecked");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_and_unreadable_responses_have_codes() {
    let shop = Shop::open().await;
    let none = PlannedResponse::no_statement();
    shop.sandbox.respond("GET", "/v3/bill/tradebill", none).unwrap();
    let ran = shop.run(&["--json", "bill", "download", "trade", DAY]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(ran.report()["detail"]["code"], "NO_STATEMENT_EXIST");

    let list = PlannedResponse::json(serde_json::json!([])).unchecked();
    shop.sandbox.respond("GET", "/v3/bill/tradebill", list).unwrap();
    assert_eq!(shop.run(&["bill", "download", "trade", DAY]).code, 5);

    // Whether WeChat Pay makes the bill of a company, nobody knows after a lost response.
    let path = "/v3/webizpay/bill/trade-bill";
    shop.sandbox.inject_fault_at("POST", path, Fault::CloseAfterReading).unwrap();
    let business = ["bill", "download", "business", DAY, "--sub-mchid", "1900000110"];
    let ran = shop.run(&business);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("outcome unknown"), "{}", ran.stderr);
    // A query changes nothing, so that its failure is an ordinary one.
    for _ in 0..10 {
        let fault = Fault::CloseAfterReading;
        shop.sandbox.inject_fault_at("GET", "/v3/bill/fundflowbill", fault).unwrap();
    }
    assert_eq!(shop.run(&["bill", "download", "fund-flow", DAY]).code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_is_checked() {
    let (shop, day) = shop_with_a_bill().await;
    for kind in ["trade", "fund-flow"] {
        let name = format!("{kind}.csv");
        let ran = shop.run(&["bill", "download", kind, &day, "--out", &name]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let checked = shop.json(&["bill", "check", &name]);
        assert_eq!(checked["kind"], kind);
        assert_eq!((&checked["bad_rows"], &checked["rows"]), (&0.into(), &checked["stated_rows"]));
        let totals = checked["totals"].as_array().unwrap();
        assert!(totals.iter().all(|total| total["matches"] == true), "{checked}");
    }
    let ran = shop.run(&["bill", "check", "trade.csv"]);
    assert!(ran.stdout.contains("1 rows, 0 bad\nmatches order_total: 1.00"), "{}", ran.stdout);
    let text = std::fs::read(shop.file("trade.csv")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&text).unwrap();
    shop.write("trade.csv.gz", packed.finish().unwrap());
    assert_eq!(shop.run(&["bill", "check", "trade.csv.gz"]).code, 0);
}

const NAMES: &str = "\u{feff}交易时间,商户订单号,交易状态,订单金额,应结订单金额,商品名称\r\n";
const SUMMARY: &str = "总交易单数,应结订单总金额,订单总金额\r\n";

/// A trade bill with these rows and this summary.
fn trade_bill(rows: &[[&str; 6]], summary: [&str; 3]) -> String {
    let mut bill = NAMES.to_owned();
    for row in rows {
        bill.push_str(&format!("`{}\r\n", row.join(",`")));
    }
    format!("{bill}{SUMMARY}`{}\r\n", summary.join(",`"))
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_and_wrong_totals_end_with_1() {
    let shop = Shop::open().await;
    let good = ["2025-03-01 12:00:00", "order-1", "SUCCESS", "1.10", "1.10", "QQ公仔"];
    let bad = ["2025-03-01 12:00:01", "order-2", "SUCCESS", "one", "2.20", "QQ公仔"];
    shop.write("bad.csv", trade_bill(&[good, bad], ["2", "1.10", "1.10"]));
    let ran = shop.run(&["bill", "check", "bad.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("bad row line 3, column 订单金额"), "{}", ran.stdout);
    assert!(ran.stderr.contains("1 rows cannot be read"), "{}", ran.stderr);

    shop.write("total.csv", trade_bill(&[good], ["1", "1.10", "1.11"]));
    let ran = shop.run(&["bill", "check", "total.csv"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("differs order_total: 1.10 in the rows, 1.11 stated"),
        "{}",
        ran.stdout
    );
    shop.write("count.csv", trade_bill(&[good], ["2", "1.10", "1.10"]));
    let ran = shop.run(&["bill", "check", "count.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("the bill states 2 rows"), "{}", ran.stdout);

    let cut = trade_bill(&[good], ["1", "1.10", "1.10"]);
    shop.write("cut.csv", &cut[..cut.len() - 40]);
    assert_eq!(shop.run(&["bill", "check", "cut.csv"]).code, 1);
    shop.write("other.csv", "\u{feff}分账时间,分账金额\r\n`2025-03-01,`1.00\r\n总笔数\r\n`1\r\n");
    assert_eq!(shop.json(&["bill", "check", "other.csv"])["kind"], "other");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_becomes_ordinary_csv() {
    let shop = Shop::open().await;
    let row = |name| ["2025-03-01 12:00:00", "order-1", "SUCCESS", "-1.10", "+1%", name];
    let formula = "=HYPERLINK(\"http://evil.example\",\"x\")";
    let rows = [row("a, \"b\""), row(formula), row("@SUM(A1)"), row("-1+1"), row("-5")];
    shop.write("bill.csv", trade_bill(&rows, ["5", "0.00", "0.00"]));
    let ran = shop.run(&["bill", "csv", "bill.csv", "--headers", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!("bill_as_csv", ran.stdout);
    let kept = shop.run(&["bill", "csv", "bill.csv", "--keep-formulas"]).stdout;
    assert!(kept.starts_with("交易时间,") && kept.contains(",@SUM(A1)\n"), "{kept}");
    let saved = shop.json(&["bill", "csv", "bill.csv", "--bom", "--out", "excel.csv"]);
    assert_eq!(saved["rows"], 5);
    assert!(std::fs::read(shop.file("excel.csv")).unwrap().starts_with("\u{feff}交易".as_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_row_is_not_left_out_silently() {
    let shop = Shop::open().await;
    let bill = trade_bill(
        &[["2025-03-01 12:00:00", "order-1", "SUCCESS", "1.10", "1.10", "QQ公仔"]],
        ["2", "1.10", "1.10"],
    );
    let bill = bill.replace("总交易单数", "`too,`few\r\n总交易单数");
    shop.write("bill.csv", bill);
    let ran = shop.run(&["bill", "csv", "bill.csv", "--out", "result.csv"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("line 3"), "{}", ran.stderr);
    assert!(!shop.file("result.csv").exists());
    let skipped = ["bill", "csv", "bill.csv", "--out", "result.csv", "--skip-bad-rows"];
    let ran = shop.run(&skipped);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(shop.file("result.csv")).unwrap().lines().count(), 2);
}

/// Every column that the library knows has an English name.
#[tokio::test(flavor = "multi_thread")]
async fn all_columns_have_english_names() {
    let shop = Shop::open().await;
    for (columns, summary) in [
        (TradeRow::COLUMNS, "总交易单数\r\n`1\r\n"),
        (FundFlowRow::COLUMNS, "资金流水总笔数\r\n`1\r\n"),
    ] {
        let cells = vec!["`0"; columns.len()].join(",");
        shop.write("bill.csv", format!("{}\r\n{cells}\r\n{summary}", columns.join(",")));
        let ran = shop.run(&["bill", "csv", "bill.csv", "--headers", "en"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let header = ran.stdout.lines().next().unwrap();
        assert!(header.is_ascii(), "{header}");
    }
}

/// Reads CSV as other programs do.
fn read_csv(text: &str) -> Vec<Vec<String>> {
    let (mut reader, mut rest, mut rows) = (Reader::new(), text.as_bytes(), Vec::new());
    loop {
        let (mut output, mut ends) = (vec![0; 64 << 10], vec![0; 100]);
        let (result, read, _, count) = reader.read_record(rest, &mut output, &mut ends);
        rest = &rest[read..];
        match result {
            ReadRecordResult::Record => {
                let mut start = 0;
                let cells = ends[..count].iter().map(|end| {
                    let cell = String::from_utf8(output[start..*end].to_vec()).unwrap();
                    start = *end;
                    cell
                });
                rows.push(cells.collect());
            }
            ReadRecordResult::InputEmpty => rest = &[],
            ReadRecordResult::End => return rows,
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever texts a bill has, CSV carries the same, and formulas are disarmed.
    #[test]
    fn cells_survive(names in prop::collection::vec("[ -_a-~一-龥]{0,12}", 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let rows: Vec<_> = names
            .iter()
            .map(|name| ["2025-03-01 12:00:00", "order-1", "SUCCESS", "1.00", "1.00", name])
            .collect();
        let count = rows.len().to_string();
        std::fs::write(folder.path().join("bill.csv"), trade_bill(&rows, [&count, "0", "0"])).unwrap();
        let csv = |more: &[&str]| {
            let ran = Ran::of(program(folder.path()).args(["bill", "csv", "bill.csv"]).args(more), b"");
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            read_csv(&ran.stdout)
        };
        let kept = csv(&["--keep-formulas"]);
        prop_assert_eq!(kept.len(), names.len() + 1);
        for (row, name) in kept.iter().skip(1).zip(&names) {
            prop_assert_eq!(row[5].trim(), name.trim());
        }
        for (row, kept) in csv(&[]).iter().zip(&kept) {
            let cell = &row[5];
            let disarmed = format!("'{}", kept[5]);
            prop_assert!(*cell == kept[5] || *cell == disarmed, "{}", cell);
            let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@']);
            let is_number = cell.trim().trim_end_matches('%').parse::<f64>().is_ok();
            prop_assert!(!is_formula || is_number, "{}", cell);
        }
    }
}

/// The most memory that a process used, in KiB. Linux only, as the sandbox's bench.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Converts a bill, and returns the most memory that it took before the last rows.
#[cfg(target_os = "linux")]
fn memory_of_csv(bill: &str, rows: usize) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bill.csv"), bill).unwrap();
    let mut command = program(folder.path());
    let command = command.args(["bill", "csv", "bill.csv"]).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    for _ in 0..rows - 2_000 {
        line.clear();
        output.read_line(&mut line).unwrap();
    }
    // The last rows wait in the pipe while the memory is read.
    let peak = peak(child.id());
    output.read_to_string(&mut line).unwrap();
    assert!(child.wait().unwrap().success());
    peak
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_bill_needs_no_more_memory_than_a_small_one() {
    let bill = |rows: usize| {
        let name = "一二三四五六七八九十".repeat(10);
        let row = ["2025-03-01 12:00:00", "order-1", "SUCCESS", "1.00", "1.00", &name];
        trade_bill(&vec![row; rows], [&rows.to_string(), "0", "0"])
    };
    let (small, large) = (bill(4_000), bill(60_000));
    assert!(large.len() > 20 << 20, "{}", large.len());
    let (small, large) = (memory_of_csv(&small, 4_000), memory_of_csv(&large, 60_000));
    assert!(large < small + (4 << 10), "{small} KiB, and {large} KiB");
}
