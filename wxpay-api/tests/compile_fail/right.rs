//! With every required field the call compiles. So the other files fail for their own reason.

fn main() {}

pub fn cancel(wx: wxpay_api::Client) {
    let _ = wx
        .v3()
        .payscore()
        .serviceorder()
        .out_order_no("2304203423948239423")
        .cancel()
        .post(|r| r.appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉"));
}
