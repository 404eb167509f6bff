//! Formats of texts: times and days.

use serde_json::{Value, json};
use wxpay_api::sandbox::Sandbox;

use crate::support::{Forgery, assert_refused};

/// A book with one operation whose body has a member of each format.
fn book() -> String {
    let formats = ["date-time", "date", "compact-time", "month-year", "numeric", "uri"];
    let members: Vec<Value> = formats
        .into_iter()
        .map(|format| {
            let schema = json!({ "type": "string", "format": format });
            json!({ "name": format, "required": false, "schema": schema })
        })
        .collect();
    let operation = json!({
        "method": "POST", "path": "/v3/formats", "status": 204,
        "body": { "type": "object", "members": members },
    });
    json!({ "operations": [operation] }).to_string()
}

async fn check(format: &str, right: &[&str], wrong: &[&str]) {
    let sandbox = Sandbox::builder().examples().book(book()).start().await.unwrap();
    let send = async |text: &str| {
        Forgery::post("/v3/formats", &json!({ (format): text })).send(&sandbox).await
    };
    for text in right {
        let got = send(text).await;
        assert_eq!(got.status, 204, "{text}: {}", got.text());
    }
    for text in wrong {
        let got = send(text).await;
        assert_eq!(got.status, 400, "{text}");
        assert_refused(&got, &[("body", format, "must")]);
    }
}

#[tokio::test]
async fn a_time_is_in_rfc_3339_with_its_offset() {
    let right = [
        "2018-06-08T10:34:56+08:00",
        "2018-06-08T10:34:56Z",
        "2018-06-08T10:34:56.123+08:00",
        "2020-02-29T23:59:60-00:30",
        "",
    ];
    let wrong = [
        "2018-06-08T10:34:56",
        "2018-06-08 10:34:56",
        "2018-06-08 10:34:56+08:00",
        "2018-06-08t10:34:56+08:00",
        "2018-06-08T10:34+08:00",
        "2018-06-08T10:34:56+0800",
        "2018-06-08T10:34:56 08:00",
        "2018-06-08T10:34:56.+08:00",
        "2018-06-08T24:00:00+08:00",
        "2018-06-08T10:60:00+08:00",
        "2018-13-08T10:34:56+08:00",
        "2019-02-29T10:34:56+08:00",
        "1900-02-29T10:34:56+08:00",
        "2018-6-8T10:34:56+08:00",
        "2018-06-08T10:34:56+08:00\n",
        "１８18-06-08T10:34:56+08:00",
        "1528425296",
        "tomorrow",
        "T",
    ];
    check("date-time", &right, &wrong).await;
}

#[tokio::test]
async fn days_and_compact_times_are_checked() {
    check("date", &["2024-02-29"], &["2023-02-29", "20240229", "2024-2-29", "2024-00-01", "日"])
        .await;
    let wrong = ["2009122509101", "20091325091010", "20091225251010", "2009-12-25 09:10:10"];
    check("compact-time", &["20091225091010"], &wrong).await;
}

#[tokio::test]
async fn other_formats_say_too_little_to_check() {
    check("uri", &["weixin://wxpay/bizpayurl?pr=1", "/relative"], &[]).await;
    // Two operations may share a URL, of which only one has a number there.
    check("numeric", &["0", "APPLYMENT_1"], &[]).await;
    check("month-year", &["09/25", "2025-09"], &[]).await;
}
