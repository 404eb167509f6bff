//! Compiles one caller with the code from before and after additions: an optional request field, an
//! enum value, a response field, an operation and a notification.

macro_rules! caller {
    ($version:ident) => {
        mod $version {
            use wxpay_api::{Call, Client};

            use crate::cases::$version::notifications::Event;
            use crate::cases::$version::v3;
            use crate::cases::$version::v3::pay::transactions::post::{
                Operation, Request, operation, response,
            };

            #[allow(dead_code)]
            fn chain(client: &Client) -> Call<Operation> {
                let transactions = v3(client).pay().transactions();
                let _ = transactions.id("1").get();
                transactions.post(|r| r.out_trade_no("1").amount(|amount| amount.total(1)))
            }

            #[allow(dead_code)]
            fn read(event: &Event) -> &str {
                match event {
                    Event::PayTransaction(transaction) => &transaction.id,
                    _ => "",
                }
            }

            #[test]
            fn a_caller_compiles() {
                let mut request: Request =
                    Request::builder().out_trade_no("1").amount(|amount| amount.total(1));
                request.out_trade_no.push('2');
                assert_eq!(request.out_trade_no, "12");
                let _ = operation(request);
                let known = match response::TradeState::from("SUCCESS") {
                    response::TradeState::Success => true,
                    _ => false,
                };
                assert!(known);
            }
        }
    };
}

caller!(before);
caller!(after);
