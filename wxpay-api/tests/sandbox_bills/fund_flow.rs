//! Fund-flow bills: income, expenses, fees, and the balance after each.

use serde_json::json;
use wxpay_api::bills::FundFlowBill;

use crate::support::{fen, start};

#[tokio::test]
async fn money_comes_in_and_goes_out_with_its_fees() {
    let shop = start().await;
    let order = shop.paid("order-1", 2000).await;
    let refund_id = shop.refund("order-1", "refund-1", 500, 2000).await;
    let first = shop.end_day();
    shop.paid("order-2", 1000).await;
    let second = shop.end_day();

    let bill = shop.fund_flow(&first).await;
    let rows = bill.rows.iter().map(|row| {
        let amounts = (fen(row.amount), fen(row.balance));
        (row.business_type.as_str(), row.direction.as_str(), amounts, row.business_id.as_str())
    });
    let rows: Vec<_> = rows.collect();
    let expected = [
        ("交易", "收入", (2000, 2000), order.transaction_id.as_str()),
        ("扣除交易手续费", "支出", (12, 1988), &order.transaction_id),
        ("退回交易手续费", "收入", (3, 1991), &refund_id),
        ("退款", "支出", (500, 1491), &refund_id),
    ];
    assert_eq!(rows, expected);
    assert_eq!(bill.rows[3].voucher_no, "refund-1");
    assert_eq!(bill.rows[3].remark, "too cold");
    assert_eq!(bill.rows[3].applicant, format!("{}API", shop.wx.id()));
    let mut flow_ids: Vec<_> = bill.rows.iter().map(|row| &row.flow_id).collect();
    flow_ids.dedup();
    assert_eq!(flow_ids.len(), 4);
    let summary = &bill.summary;
    assert_eq!(
        (summary.flow_count, summary.income_count, summary.expense_count),
        (Some(4), Some(2), Some(2))
    );
    assert_eq!((fen(summary.income_amount), fen(summary.expense_amount)), (2003, 512));
    // The balance goes on from day to day.
    let bill = shop.fund_flow(&second).await;
    assert_eq!(bill.rows.iter().map(|row| fen(row.balance)).collect::<Vec<_>>(), [2491, 2485]);
}

#[tokio::test]
async fn a_closed_refund_brings_its_money_back() {
    let shop = start().await;
    shop.paid("order-1", 1000).await;
    shop.refund("order-1", "refund-1", 1000, 1000).await;
    shop.sandbox.order("refund-1").unwrap().event("close").unwrap();
    shop.refund("order-1", "refund-2", 400, 1000).await;
    let bill = shop.fund_flow(&shop.end_day()).await;
    let flows = bill.rows.iter().map(|row| {
        let amount = fen(row.amount);
        (row.business_name.as_str(), if row.direction == "收入" { amount } else { -amount })
    });
    let expected = [
        ("交易", 1000),
        ("扣除交易手续费", -6),
        ("退回交易手续费", 6),
        ("退款", -1000),
        ("退款关闭", 1000),
        ("扣除交易手续费", -6),
        ("退回交易手续费", 2),
        ("退款", -400),
    ];
    assert_eq!(flows.collect::<Vec<_>>(), expected);
    assert_eq!(fen(bill.rows[7].balance), 596);
}

#[tokio::test]
async fn transfers_leave_the_operation_account() {
    let shop = start().await;
    let transfer = json!({
        "appid": "wxd678efh567hg6787", "out_bill_no": "bill1", "transfer_scene_id": "1000",
        "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "transfer_amount": 300, "transfer_remark": "prize",
        "transfer_scene_report_infos": [
            { "info_type": "活动名称", "info_content": "a" },
            { "info_type": "奖励说明", "info_content": "b" },
        ],
    });
    shop.wx.post("/v3/fund-app/mch-transfer/transfer-bills", transfer).await.unwrap();
    let resource = shop.sandbox.order("bill1").unwrap();
    while resource.state().unwrap() != "SUCCESS" {
        let possible = resource.possible_events().unwrap();
        let event = ["lock", "confirm", "succeed"]
            .into_iter()
            .find(|it| possible.contains(&(*it).to_owned()));
        resource.event(event.unwrap_or_else(|| panic!("{possible:?}"))).unwrap();
    }
    let day = shop.end_day();
    let target = format!("/v3/bill/fundflowbill?bill_date={day}&account_type=");
    let bill = shop.read::<FundFlowBill>(&format!("{target}OPERATION")).await;
    let [row] = &bill.rows[..] else { panic!("{bill:?}") };
    assert_eq!((row.direction.as_str(), fen(row.amount)), ("支出", 300));
    assert_eq!((row.remark.as_str(), row.voucher_no.as_str()), ("prize", "bill1"));
    for account in ["BASIC", "FEES"] {
        let refused = shop.refused(&format!("{target}{account}")).await;
        assert!(refused.starts_with("400 NO_STATEMENT_EXIST"), "{refused}");
    }
}

#[tokio::test]
async fn the_money_of_partners_payments_is_the_sub_merchants() {
    let shop = start().await;
    shop.paid("own-01", 100).await;
    shop.paid_for("1900000201", "for-201", 2000).await;
    shop.paid_for("1900000202", "for-202", 30).await;
    let day = shop.end_day();
    assert_eq!(shop.fund_flow(&day).await.rows.len(), 2, "its own payment and the fee");
    let target = format!("/v3/bill/fundflowbill?bill_date={day}&sub_mchid=1900000201");
    let plain = shop.read::<FundFlowBill>(&target).await;
    assert_eq!(plain.rows.len(), 2);

    for tar_type in ["", "&tar_type=GZIP"] {
        let query = format!("bill_date={day}&algorithm=AEAD_AES_256_GCM{tar_type}");
        let one = format!(
            "/v3/bill/sub-merchant-fundflowbill?account_type=BASIC&sub_mchid=1900000201&{query}"
        );
        let all = format!("/v3/ecommerce/bill/fundflowbill?account_type=ALL&{query}");
        let (one, all) = (shop.encrypted(&one).await, shop.encrypted(&all).await);
        let seen = |rows: &[wxpay_api::bills::FundFlowRow]| {
            rows.iter().map(|row| (fen(row.amount), fen(row.balance))).collect::<Vec<_>>()
        };
        assert_eq!(seen(&one.rows), seen(&plain.rows));
        assert_eq!(seen(&one.rows), [(2000, 2000), (12, 1988)]);
        assert_eq!(seen(&all.rows), [(2000, 2000), (12, 1988), (30, 30)]);
        assert_eq!(all.rows[2].other.get("二级商户号"), Some("1900000202"));
    }
}

#[tokio::test]
async fn shared_money_goes_from_one_merchant_to_the_other() {
    let shop = start().await;
    let other = shop.sandbox.add_merchant("1900000201").unwrap();
    let order = json!({
        "appid": "wxd678efh567hg6787", "mchid": shop.wx.id(), "description": "Tea",
        "out_trade_no": "order-1", "amount": { "total": 1000 },
        "settle_info": { "profit_sharing": true },
        "notify_url": "http://127.0.0.1:9/notify", "payer": { "openid": "oPayer" },
    });
    shop.wx.post("/v3/pay/transactions/jsapi", order).await.unwrap();
    let payment = shop.sandbox.order("order-1").unwrap();
    payment.pay().unwrap();
    let transaction_id = payment.object().unwrap()["transaction_id"].clone();
    let receiver = json!({
        "appid": "wxd678efh567hg6787", "type": "MERCHANT_ID", "account": "1900000201",
        "relation_type": "PARTNER", "name": "某商户",
    });
    shop.add_receiver(receiver).await;
    let share = json!({
        "appid": "wxd678efh567hg6787", "transaction_id": transaction_id, "out_order_no": "share-1",
        "receivers": [{ "type": "MERCHANT_ID", "account": "1900000201", "amount": 100, "description": "part" }],
        "unfreeze_unsplit": true,
    });
    // Sharing begins a minute after the payment.
    shop.advance_to(12, 10);
    shop.wx.post("/v3/profitsharing/orders", share).await.unwrap();
    shop.sandbox.order("share-1").unwrap().event("finish").unwrap();
    let day = shop.end_day();
    let bill = shop.fund_flow(&day).await;
    let names: Vec<_> = bill.rows.iter().map(|row| row.business_name.as_str()).collect();
    // What is unfrozen stays where it is.
    assert_eq!(names, ["交易", "扣除交易手续费", "分账"]);
    assert_eq!(fen(bill.rows[2].balance), 894);
    let target = format!("/v3/bill/fundflowbill?bill_date={day}");
    let received = crate::support::read::<FundFlowBill>(&other.client().unwrap(), &target).await;
    let [row] = &received.rows[..] else { panic!("{received:?}") };
    assert_eq!((row.direction.as_str(), fen(row.amount)), ("收入", 100));
}
