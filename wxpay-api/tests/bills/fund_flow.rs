//! Fund-flow bills.

use wxpay_api::bills::FundFlowBill;

use crate::support::{read, yuan};

const FILE: &str = include_str!("files/fund_flow.csv");

#[test]
fn rows_and_their_summary_are_read() {
    let (rows, summary) = read::<FundFlowBill>(FILE).unwrap();
    let [income, expense] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(income.booking_time.as_str(), "2025-03-01 09:12:50");
    assert_eq!(income.business_id, "4200002500202503010000000001");
    assert_eq!(income.flow_id, "FLOW-1");
    assert_eq!((&*income.business_name, &*income.business_type), ("交易", "交易"));
    assert_eq!(income.direction, "收入");
    assert_eq!(income.amount, yuan("18.80"));
    assert_eq!(income.balance, yuan("1018.80"));
    assert_eq!(expense.applicant, "clerk");
    assert_eq!(expense.remark, "退款总金额5.00元,含手续费0.03元");
    assert_eq!(expense.voucher_no, "VOUCHER-2");
    assert_eq!(summary.flow_count, Some(2));
    assert_eq!((summary.income_count, summary.income_amount), (Some(1), yuan("18.80")));
    assert_eq!((summary.expense_count, summary.expense_amount), (Some(1), yuan("5.00")));
}

#[test]
fn wide_parentheses_name_the_same_columns() {
    let wide = FILE.replace("(元)", "（元）");
    let (rows, _) = read::<FundFlowBill>(&wide).unwrap();
    assert_eq!((rows[0].amount, rows[0].balance), (yuan("18.80"), yuan("1018.80")));
}
