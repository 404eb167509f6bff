//! Times are text, and convert where they have the usual form.

use wxpay_api::bills::BillTime;

#[test]
fn the_usual_form_is_beijing_time() {
    let time = BillTime::from("2025-03-01 09:12:45".to_owned());
    assert_eq!(time.to_timestamp().unwrap().as_str(), "2025-03-01T09:12:45+08:00");
}

#[test]
fn any_other_form_stays_text() {
    for text in
        ["", "2025-03-01", "2025/03/01 09:12:45", "20250301091245", "2025-03-01 9:12:45", "年 月"]
    {
        let time = BillTime::from(text.to_owned());
        assert_eq!((time.as_str(), time.to_timestamp()), (text, None));
    }
}
