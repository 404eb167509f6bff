//! `amount` is required, also between optional inputs.

fn main() {}

pub fn refund(wx: wxpay_api::Client) {
    let _ = wx
        .v3()
        .refund()
        .domestic()
        .refunds()
        .post(|r| r.out_trade_no("order-1").out_refund_no("refund-1").reason("用户投诉"));
}
