//! Compiles one caller with the code from before and after a correction of facts. The correction
//! turns required inputs optional: the first, the middle, the last, the only and every one, at the
//! top and nested.
//!
//! The caller sets all inputs, so that both versions send the same.

macro_rules! caller {
    ($version:ident) => {
        mod $version {
            use wxpay_api::{Call, Client, File, Operation, Prepared};

            use crate::cases::$version::v3;
            use crate::cases::$version::v3::pay::{
                every, first, image, last, middle, nested, only,
            };

            #[allow(dead_code)]
            fn chain(client: &Client) -> Call<first::post::Operation> {
                let pay = v3(client).pay();
                let _ = pay.middle().post(|r| r.one("1").two(|t| t.total(2)).three(["3"]));
                let _ = pay.last().post(|r| r.one("1").two(|t| t.total(2)).three(["3"]));
                let _ = pay.every().post(|r| r.one("1").two(|t| t.total(2)).three(["3"]));
                let _ = pay.only().get(|r| r.one("1"));
                let _ = pay.only().post(|r| r.one("1").note("n"));
                let _ = pay.image().post(|r| r.owner("o").file(File::new("a.png", "content")));
                pay.first().post(|r| r.one("1").two(|t| t.total(2)).three(["3"]))
            }

            fn sent(operation: impl Operation) -> (String, String) {
                let prepared: Prepared = operation.prepare(None).expect("everything is set");
                let body = prepared.body.to_bytes().to_vec();
                (prepared.target, String::from_utf8_lossy(&body).into_owned())
            }

            /// The target and the body of each call.
            pub(super) fn everything() -> Vec<(String, String)> {
                let nested = nested::post::Request::builder()
                    .first(|f| f.one("1").two(2).three(["3"]))
                    .middle(|m| m.one("1").two(2).three(["3"]).note("behind"))
                    .last(|list| {
                        list.push(|l| l.one("1").two(2).three(["3"]))
                            .each(["a", "b"], |l, one| l.one(one).two(2).three(["3"]))
                    })
                    .only(|o| o.one("1"))
                    .every(|list| list.push(|e| e.one("1").note("n")))
                    .deep(|d| d.inner(|i| i.one("1").two("2")).name("n"));
                let image =
                    image::post::Request::builder().owner("o").file(File::new("a.png", "content"));
                let first = first::post::Request::builder();
                let middle = middle::post::Request::builder();
                let last = last::post::Request::builder();
                let every = every::post::Request::builder();
                vec![
                    sent(first::post::operation(
                        first.one("1").two(|t| t.total(2)).three(["3"]).note("behind"),
                    )),
                    sent(middle::post::operation(
                        middle.one("1").note("between").two(|t| t.total(2)).three(["3"]),
                    )),
                    sent(last::post::operation(
                        last.note("before").one("1").two(|t| t.total(2)).three(["3"]),
                    )),
                    sent(every::post::operation(
                        every.one("1").two(|t| t.total(2)).note("between").three(["3"]),
                    )),
                    sent(only::get::operation(only::get::Request::builder().note("n").one("1"))),
                    sent(only::post::operation(only::post::Request::builder().one("1"))),
                    sent(nested::post::operation(nested)),
                    (sent(image::post::operation(image)).0, String::new()),
                ]
            }
        }
    };
}

caller!(strict);
caller!(relaxed);

#[test]
fn a_caller_compiles_and_sends_the_same_when_inputs_turn_optional() {
    let (before, after) = (strict::everything(), relaxed::everything());
    assert_eq!(before, after);
    assert_eq!(
        before[0],
        (
            "/v3/pay/first".to_owned(),
            r#"{"one":"1","two":{"total":2},"three":["3"],"note":"behind"}"#.to_owned()
        )
    );
    assert_eq!(before[4].0, "/v3/pay/only?one=1&note=n");
}

/// The builder of the second version requires only the other inputs.
#[test]
fn a_relaxed_input_may_be_left_out() {
    use crate::cases::relaxed::v3::pay::{every, first, image, last, middle, nested, only};
    use wxpay_api::File;

    let first = first::post::Request::builder().two(|t| t.total(2)).three(["3"]);
    let middle = middle::post::Request::builder().one("1").three(["3"]);
    let last = last::post::Request::builder().one("1").two(|t| t.total(2));
    let every = every::post::Request::builder();
    assert_eq!((first.one, first.three), (None, vec!["3".to_owned()]));
    assert!(middle.two.is_none() && last.three.is_none());
    assert!(every.one.is_none() && every.two.is_none() && every.three.is_none());
    assert_eq!(only::get::Request::builder().one, None);
    assert_eq!(only::post::Request::builder().one, None);
    let image = image::post::Request::builder().file(File::new("a.png", "content"));
    assert_eq!(image.owner, None);

    let nested = nested::post::Request::builder()
        .first(|f| f.two(2).three(["3"]))
        .middle(|m| m.one("1").three(["3"]))
        .last(|list| list.push(|l| l.one("1").two(2)))
        .only(|o| o)
        .deep(|d| d.name("n"));
    assert_eq!(nested.first.one, None);
    assert_eq!(nested.middle.two, None);
    assert_eq!(nested.last[0].three, None);
    assert_eq!(nested.only.one, None);
    assert!(nested.deep.inner.is_none());
}
