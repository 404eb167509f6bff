//! How a line becomes cells: any text survives, unless it contains ``,` ``. Line breaks have their
//! own tests.

use proptest::prelude::*;

use crate::support::{cells, other};

fn row(line: &str) -> Vec<String> {
    let names: Vec<String> = (0..line.matches(",`").count() + 1).map(|i| i.to_string()).collect();
    let (rows, _) = other(&format!("{}\n{line}\nsum\n`1\n", names.join(","))).unwrap();
    cells(&rows[0]).into_iter().map(|(_, cell)| cell).collect()
}

#[test]
fn commas_quotes_and_back_ticks_within_cells() {
    assert_eq!(row("`a,b,`c"), ["a,b", "c"]);
    assert_eq!(row("`\"a,`b\",`\"\"c"), ["\"a", "b\"", "\"\"c"]);
    assert_eq!(row("`a`b,``c`"), ["a`b", "`c`"]);
    assert_eq!(row("`,,`,,,`"), [",", ",,", ""]);
    assert_eq!(row("``,`,`,"), ["`", "", ","]);
    assert_eq!(row("`a\rb,`c\r"), ["a\rb", "c"], "a carriage return ends a line only at its end");
}

#[test]
fn a_file_without_back_ticks_is_ordinary_csv() {
    let file = "name,amount,note\r\n\"Tea, hot\",1.00,\"say \"\"hi\"\"\"\r\nB,`2,`3\r\n总笔数,总额\r\n2,3.00\r\n";
    let (rows, summary) = other(file).unwrap();
    assert_eq!(rows[0].get("name"), Some("Tea, hot"));
    assert_eq!(rows[0].get("note"), Some("say \"hi\""));
    assert_eq!(rows[1].get("amount"), Some("`2"));
    assert_eq!(summary.get("总额"), Some("3.00"));
}

/// Text that a cell may hold.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(",".to_owned()),
        Just("`".to_owned()),
        Just("\"".to_owned()),
        Just("\r".to_owned()),
        Just("交易".to_owned()),
        "[^\n]{0,4}",
    ];
    let text = proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat());
    text.prop_map(|text| text.replace('\n', "").replace(",`", ""))
        .prop_filter("removing may join", |text| !text.contains(",`"))
}

proptest! {
    #[test]
    fn ordinary_csv_is_the_same_with_and_without_quotation_marks(
        row in proptest::collection::vec("[a-z`0-9\u{4ea4}\u{feff} ]{0,20}", 2..40),
    ) {
        prop_assume!(!row.iter().all(|cell| cell.starts_with('`')) && !row[0].starts_with(['`', '\u{feff}']));
        let names: Vec<String> = (0..row.len()).map(|i| i.to_string()).collect();
        let quoted: Vec<String> = row.iter().map(|cell| format!("\"{cell}\"")).collect();
        for line in [row.join(","), quoted.join(",")] {
            let (rows, _) = other(&format!("{}\n{line}\nsum\n1\n", names.join(","))).unwrap();
            let read: Vec<String> = cells(&rows[0]).into_iter().map(|(_, cell)| cell).collect();
            prop_assert_eq!(&read, &row);
        }
    }

    #[test]
    fn any_text_survives(
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 4), 0..4),
        crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut file = format!("\u{feff}a,b,c,d{end}");
        let mut expected = Vec::new();
        for mut row in rows {
            // Before a line feed, a carriage return belongs to the line break.
            let last = row[3].trim_end_matches('\r').to_owned();
            row[3] = last;
            file += &format!("`{}{end}", row.join(",`"));
            expected.push(row);
        }
        file += &format!("sum{end}`1{end}");
        let (found, _) = other(&file).unwrap();
        let found: Vec<Vec<String>> =
            found.iter().map(|row| row.cells().map(|(_, cell)| cell.to_owned()).collect()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(
        prop_oneof![Just(b'`'), Just(b','), Just(b'\n'), Just(b'"'), any::<u8>()], 0..200,
    )) {
        let _ = crate::support::read_bytes::<wxpay_api::bills::OtherBill>(&bytes);
    }
}
