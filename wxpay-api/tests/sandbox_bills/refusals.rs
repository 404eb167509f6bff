//! Bills that are not there: not made yet, of an empty or impossible day, of another merchant.

use wxpay_api::sandbox::{PlannedResponse, Sandbox};

use crate::support::{start, start_with};

const NO_STATEMENT: &str = "400 NO_STATEMENT_EXIST 请求的账单文件不存在";
const CREATING: &str = "400 STATEMENT_CREATING 账单生成中";

const BILLS: [&str; 2] = ["tradebill", "fundflowbill"];

fn target(bill: &str, day: &str) -> String {
    format!("/v3/bill/{bill}?bill_date={day}")
}

#[tokio::test]
async fn a_bill_is_there_from_ten_oclock_of_the_next_day() {
    let shop = start().await;
    shop.paid("order-1", 100).await;
    let day = shop.today();
    for bill in BILLS {
        assert_eq!(shop.refused(&target(bill, &day)).await, CREATING);
    }
    for (hour, minute) in [(23, 59), (0, 0), (9, 59)] {
        shop.advance_to(hour, minute);
        for bill in BILLS {
            assert_eq!(shop.refused(&target(bill, &day)).await, CREATING);
        }
    }
    shop.advance_to(10, 0);
    for bill in BILLS {
        shop.wx.get(target(bill, &day)).await.unwrap();
    }
}

#[tokio::test]
async fn an_empty_or_future_day_has_no_bill() {
    let shop = start().await;
    shop.order("unpaid", 100).await;
    let empty = shop.end_day();
    for bill in BILLS {
        assert_eq!(shop.refused(&target(bill, &empty)).await, NO_STATEMENT);
        assert_eq!(shop.refused(&target(bill, "2999-01-01")).await, NO_STATEMENT);
    }
    // Another merchant's payments are none of its own.
    shop.paid("order-1", 100).await;
    let other = shop.sandbox.add_merchant("1900000201").unwrap().client().unwrap();
    let day = shop.end_day();
    let error = other.get(target("tradebill", &day)).await.unwrap_err();
    assert_eq!(crate::support::refusal(&error), NO_STATEMENT);
}

#[tokio::test]
async fn a_day_that_is_none_or_long_ago_is_refused() {
    let shop = start().await;
    shop.paid("order-1", 100).await;
    let day = shop.end_day();
    for wrong in
        ["20250301", "2025-3-1", "2025-02-30", "2025-13-01", "25-03-2025", "x", "2020-01-01"]
    {
        for bill in BILLS {
            let refused = shop.refused(&target(bill, wrong)).await;
            assert!(refused.starts_with("400 INVALID_REQUEST"), "{wrong}: {refused}");
        }
    }
    // About three months later, the bill is gone.
    for _ in 0..88 {
        shop.end_day();
    }
    shop.wx.get(target("tradebill", &day)).await.unwrap();
    for _ in 0..5 {
        shop.end_day();
    }
    let refused = shop.refused(&target("tradebill", &day)).await;
    assert!(refused.starts_with("400 INVALID_REQUEST"), "{refused}");
}

#[tokio::test]
async fn a_wrong_type_is_refused() {
    let shop = start().await;
    shop.paid("order-1", 100).await;
    let day = shop.end_day();
    for (bill, query) in [
        ("tradebill", "bill_type=NONE"),
        ("fundflowbill", "account_type=NONE"),
        ("tradebill", "tar_type=ZIP"),
    ] {
        let refused = shop.refused(&format!("{}&{query}", target(bill, &day))).await;
        assert!(refused.starts_with("400 PARAM_ERROR"), "{refused}");
    }
}

#[tokio::test]
async fn anothers_sub_merchant_is_refused() {
    let shop = start().await;
    shop.paid_for("1900000201", "for-201", 100).await;
    let other = shop.sandbox.add_merchant("1900000300").unwrap().client().unwrap();
    let day = shop.end_day();
    let query = "algorithm=AEAD_AES_256_GCM&account_type=BASIC";
    for target in [
        format!("/v3/bill/tradebill?bill_date={day}"),
        format!("/v3/bill/fundflowbill?bill_date={day}"),
        format!("/v3/bill/sub-merchant-fundflowbill?bill_date={day}&{query}"),
    ] {
        let own = format!("{target}&sub_mchid=1900000201");
        shop.wx.get(&own).await.unwrap();
        let refused = shop.refused(&format!("{target}&sub_mchid=1900000999")).await;
        assert!(refused.starts_with("403 NO_AUTH"), "{refused}");
        let error = other.get(&own).await.unwrap_err();
        assert!(crate::support::refusal(&error).starts_with("403 NO_AUTH"));
    }
}

#[tokio::test]
async fn a_test_says_what_comes_instead() {
    let shop = start().await;
    let response = PlannedResponse::no_statement();
    shop.sandbox.respond("GET", "/v3/bill/tradebill", response).unwrap();
    assert!(shop.refused(&target("tradebill", "x")).await.contains("NO_STATEMENT_EXIST"));
    shop.sandbox.set_bill("a bill");
    shop.wx.get(target("tradebill", "2019-06-11")).await.unwrap();
    shop.sandbox.reset();
    let refused = shop.refused(&target("tradebill", "2019-06-11")).await;
    assert!(refused.contains("INVALID_REQUEST"), "{refused}");

    let shop = start_with(Sandbox::builder().examples()).await;
    let bill = shop.trade("2019-06-11").await;
    assert_eq!(bill.summary.trade_count, Some(1));
}
