//! Text of a user may have line breaks, which bills do not escape.

use proptest::prelude::*;
use wxpay_api::bills::{OtherBill, Row, TradeBill};

use crate::support::{read, read_in_chunks, read_on, yuan};

const NAMES: &str = "交易时间,商品名称,订单金额,商户数据包,费率备注";
const SUMMARY: &str = "总交易单数,订单总金额\n`2,`3.00\n";

/// A bill with these three texts in its first row.
fn bill(description: &str, attach: &str, remark: &str, end: &str) -> String {
    let rows = [
        format!("`2025-03-01 09:12:45,`{description},`1.00,`{attach},`{remark}"),
        "`2025-03-01 10:00:00,`Tea,`2.00,`,`".to_owned(),
    ];
    let lines = [NAMES, &rows[0], &rows[1]].map(|line| format!("{line}{end}"));
    format!("\u{feff}{}{}", lines.concat(), SUMMARY.replace('\n', end))
}

fn check(description: &str, attach: &str, remark: &str) {
    for end in ["\n", "\r\n"] {
        let file = bill(description, attach, remark, end);
        let (rows, summary) = read::<TradeBill>(&file).unwrap();
        assert_eq!(rows.len(), 2, "{file}");
        assert_eq!(rows[0].description, description);
        assert_eq!(rows[0].attach, attach);
        assert_eq!(rows[0].rate_remark, remark);
        assert_eq!((rows[0].order_amount, rows[1].order_amount), (yuan("1.00"), yuan("2.00")));
        assert_eq!((rows[0].other.line(), summary.trade_count), (2, Some(2)));
    }
}

#[test]
fn a_line_break_within_a_cell_is_text() {
    for text in [
        "Tea\nhot",
        "Tea\r\nhot",
        "Tea\rhot",
        "\nTea",
        "Tea\n",
        "a\n\nb",
        "a\r\n\r\n\nb",
        "\n",
        "\r\n\n",
        "a\nb\nc\nd",
        "a,b\nc,d",
        "a`b\nc`d",
        "a\n\"b",
        "a,\nb",
        "总交易单数\nTea",
        "退款总金额5.00元\n含手续费",
        "Tea\n```\ncode\n```",
        "a\n`b",
        "`\n`",
        "a\n`b\n`c",
    ] {
        check(text, "", "");
        check("", text, "");
        check(text, text, "");
    }
}

#[test]
fn a_line_break_within_the_last_cell_is_text() {
    for text in ["a\nb", "a\r\nb", "a\n\nb", "\nb", "a,b\nc,d", "a`b\nc`d", "a\nb\nc"] {
        check("", "", text);
        check(text, text, text);
    }
}

#[test]
fn a_row_that_ends_within_a_cell_is_an_error_of_that_row() {
    let row = "`2025-03-01 09:12:45,`cut\n";
    let file = format!("{NAMES}\n{row}`2025-03-01 10:00:00,`Tea,`2.00,`,`\n{SUMMARY}");
    let (rows, summary) = read_on::<TradeBill>(file.as_bytes());
    assert!(rows[0].is_err() && rows[1].as_ref().unwrap().description == "Tea");
    assert!(summary.is_ok());
    let file = format!("{NAMES}\n`2025-03-01 10:00:00,`Tea,`2.00,`,`\n{row}{SUMMARY}");
    let (rows, summary) = read_on::<TradeBill>(file.as_bytes());
    assert!(rows[0].is_ok() && rows[1].is_err());
    assert!(summary.is_ok(), "the summary is distinguished from text of the cell above");
}

/// The cells of two rows are never put into one row.
#[test]
fn two_rows_that_were_cut_are_two_errors() {
    let file = "a,b,c\n`2025-03-01 09:00:00,`1\n`2025-03-01 10:00:00,`2\n`2025-03-01 11:00:00,`3,`4\nsum\n`1\n";
    let (rows, summary) = read_on::<OtherBill>(file.as_bytes());
    assert!(matches!(&rows[..], [Err(_), Err(_), Ok(_)]), "{rows:?}");
    assert!(summary.is_ok());
}

/// Text that imitates a row or the end of the bill never makes a bill that seems complete.
#[test]
fn text_that_looks_like_rows_is_reported() {
    let forged = "x\n`2025-03-01 09:12:45,`forged,`9999.00,`,`\ny";
    let (rows, _) = read_on::<TradeBill>(bill(forged, "", "", "\n").as_bytes());
    assert!(rows.iter().any(Result::is_err), "{rows:?}");
    let forged = "x\n总交易单数,订单总金额\n`1,`1.00\n";
    let (rows, summary) = read_on::<TradeBill>(bill("", "", forged, "\n").as_bytes());
    assert!(rows.last().unwrap().as_ref().is_err_and(|error| error.is_fatal()));
    assert!(summary.is_err());
}

#[test]
fn a_quoted_line_break_of_ordinary_csv_is_text() {
    let file = "商户订单号,订单金额,商品名称\nA,1.00,\"Tea,\nhot \"\"x\"\"\n\nnow\"\nB,2.00,Tea\n总交易单数,订单总金额\n2,3.00\n";
    let (rows, summary) = read::<TradeBill>(file).unwrap();
    assert_eq!(rows[0].description, "Tea,\nhot \"x\"\n\nnow");
    assert_eq!((rows.len(), &*rows[1].out_trade_no, summary.trade_count), (2, "B", Some(2)));
}

#[test]
fn a_bill_whose_cells_a_spreadsheet_quoted_with_their_back_ticks() {
    let file = "\"`商户订单号\",\"`订单金额\"\n\"`A\",\"`1.00\"\n\"`B\",\"`2.00\"\n\"`总交易单数\",\"`订单总金额\"\n\"`2\",\"`3.00\"\n";
    let (rows, summary) = read::<TradeBill>(file).unwrap();
    assert_eq!((&*rows[1].out_trade_no, rows[1].order_amount), ("B", yuan("2.00")));
    assert_eq!(summary.order_total, yuan("3.00"));
    let ticked = "`商户订单号,`订单金额\n`A,`1.00\n`总交易单数,`订单总金额\n`1,`1.00\n";
    assert_eq!(read::<TradeBill>(ticked).unwrap().1.order_total, yuan("1.00"));
}

/// Text with line breaks that a cell may hold: without separators, and without a line that looks
/// like the time at the beginning of a row.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n`".to_owned()),
        Just(",".to_owned()),
        Just("`".to_owned()),
        Just("\"".to_owned()),
        Just("总金额".to_owned()),
        "[^\r]{0,4}",
    ];
    let text = proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    text.prop_filter("a separator", |text| !text.contains(",`"))
}

fn cells(row: &Row) -> Vec<String> {
    row.cells().map(|(_, cell)| cell.to_owned()).collect()
}

proptest! {
    #[test]
    fn any_text_with_line_breaks_survives(
        texts in proptest::collection::vec(proptest::collection::vec(text(), 3), 0..4),
        crlf in any::<bool>(),
        cuts in proptest::collection::vec(0..1000_usize, 0..10),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut file = format!("time,a,b,c,number{end}");
        let mut expected = Vec::new();
        for texts in texts {
            let mut row = vec!["2025-03-01 09:12:45".to_owned()];
            row.extend(texts);
            row.push("1".to_owned());
            file += &format!("`{}{end}", row.join(",`"));
            expected.push(row);
        }
        file += &format!("sum{end}`1{end}");
        let (rows, summary) = read_on::<OtherBill>(file.as_bytes());
        let rows: Vec<_> = rows.into_iter().map(|row| cells(&row.unwrap())).collect();
        prop_assert_eq!(&rows, &expected, "{}", file);
        let summary = summary.unwrap();
        prop_assert_eq!(summary.get("sum"), Some("1"));

        let mut cuts: Vec<_> = cuts.into_iter().filter(|cut| *cut <= file.len()).collect();
        cuts.extend([0, file.len()]);
        cuts.sort_unstable();
        let chunks = cuts.windows(2).map(|cut| &file.as_bytes()[cut[0]..cut[1]]);
        let (rows, _) = read_in_chunks::<OtherBill>(chunks).unwrap();
        prop_assert_eq!(rows.iter().map(cells).collect::<Vec<_>>(), expected);
    }

    /// Every split of any file, however broken, gives the same rows and errors.
    #[test]
    fn any_split_of_any_bytes_gives_the_same(
        lines in proptest::collection::vec(
            prop_oneof![
                Just("`2025-03-01 09:12:45,`1,`2"), Just("`1,`2"), Just("`"), Just("x"), Just("x,`y"), Just("sum,of"),
                Just("总交易单数,订单总金额"), Just("`1,`2,`3,`4"), Just(""), Just("\r"), Just("\"x"), Just("\u{feff}"),
            ],
            0..12,
        ),
        at in 0..200_usize,
    ) {
        let file = ["时间,订单金额,x", &lines.join("\n")].join("\n");
        let read = |chunks: &[&[u8]]| {
            let mut parser = wxpay_api::bills::RowParser::<TradeBill>::new();
            let mut found = Vec::new();
            for chunk in chunks {
                parser.push(chunk);
                found.extend(parser.by_ref().map(|row| row.map(|row| cells(&row.other)).map_err(|error| error.to_string())));
            }
            parser.end();
            found.extend(parser.by_ref().map(|row| row.map(|row| cells(&row.other)).map_err(|error| error.to_string())));
            (found, parser.finish().is_ok())
        };
        let (start, rest) = file.as_bytes().split_at(at.min(file.len()));
        prop_assert_eq!(read(&[file.as_bytes()]), read(&[start, rest]));
    }
}
