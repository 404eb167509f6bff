//! Calls of profit sharing, in the forms of ordinary merchants, platforms and brands.

use serde_json::{Value, json};

use super::calls::{PARTNER, PERSON, Shops, post, total};
use super::seen::Held;
use super::steps::Outcome;
use crate::support::SUB_MCHID;
use crate::support::served::APPID;

/// The forms of the API of profit sharing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SharingForm {
    Ordinary,
    Ecommerce,
    Brand,
}

impl SharingForm {
    fn at(self, place: &str) -> String {
        let product = match self {
            Self::Ordinary => "",
            Self::Ecommerce => "/ecommerce",
            Self::Brand => "/brand",
        };
        format!("/v3{product}/profitsharing/{place}")
    }

    /// The member with the account of a receiver.
    fn account(self) -> &'static str {
        if self == Self::Ecommerce { "receiver_account" } else { "account" }
    }

    /// The sub-merchant, which ordinary sharing names only for those of partners.
    fn sub_merchant(self, held: &Held) -> Value {
        match self == Self::Ordinary && !held.has("sub_mchid") {
            true => json!({}),
            false => json!({ "sub_mchid": SUB_MCHID }),
        }
    }
}

impl Shops {
    pub(super) async fn share(
        &self,
        payment: &Held,
        form: SharingForm,
        number: &str,
        percent: i64,
        last: bool,
    ) -> Outcome {
        let amount = total(payment) * percent / 200;
        let receiver = |kind: &str, account: &str, amount: i64| json!({ "type": kind, form.account(): account, "amount": amount, "description": "d" });
        let mut share = form.sub_merchant(payment);
        let end = if form == SharingForm::Ordinary { "unfreeze_unsplit" } else { "finish" };
        extend(
            &mut share,
            json!({
                "appid": APPID, "transaction_id": payment.text("transaction_id"),
                "out_order_no": number, end: last,
                "receivers": [
                    receiver("MERCHANT_ID", PARTNER, amount),
                    receiver("PERSONAL_OPENID", PERSON, 1),
                    receiver("PERSONAL_OPENID", "stranger", 1),
                ],
            }),
        );
        if form == SharingForm::Brand {
            extend(&mut share, json!({ "brand_mchid": "1900000108" }));
        }
        post(self.client(&payment.owner), form.at("orders"), share).await
    }

    pub(super) async fn unfreeze(
        &self,
        payment: &Held,
        form: SharingForm,
        number: &str,
    ) -> Outcome {
        let mut body = form.sub_merchant(payment);
        extend(
            &mut body,
            json!({ "transaction_id": payment.text("transaction_id"), "out_order_no": number,
                "description": "解冻" }),
        );
        let place = if form == SharingForm::Ordinary { "orders/unfreeze" } else { "finish-order" };
        post(self.client(&payment.owner), form.at(place), body).await
    }

    pub(super) async fn give_back(
        &self,
        order: &Held,
        form: SharingForm,
        number: &str,
        amount: i64,
    ) -> Outcome {
        let mut body = form.sub_merchant(order);
        extend(
            &mut body,
            json!({ "out_order_no": order.number(), "out_return_no": number,
                "return_mchid": PARTNER, "amount": amount, "description": "用户退款" }),
        );
        let place = if form == SharingForm::Ordinary { "return-orders" } else { "returnorders" };
        post(self.client(&order.owner), form.at(place), body).await
    }
}

fn extend(object: &mut Value, members: Value) {
    object.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
}
