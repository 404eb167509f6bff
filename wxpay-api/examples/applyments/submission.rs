//! Submissions: uploaded pictures, the request, and the outcome that only a query can tell.

use wxpay_api::v3::applyment4sub::applyment::post::Response;
use wxpay_api::v3::applyment4sub::types::Applyment;
use wxpay_api::{Outcome, Present, WhenSome};

use crate::application::{self, Application};
use crate::provider::{Failure, Provider, is_about_the_form, is_absent};
use crate::records::{self, State};

/// How long a submission may be on its way, in seconds. The client gives up after 30.
const UNDER_WAY: i64 = 120;

/// Takes an application one step further, and returns its state. It may be called again at any time, by another process
/// too: what is about to be sent is stored before, and what may have been sent is queried before anything else.
pub(crate) async fn advance(provider: &Provider, business_code: &str) -> Result<State, Failure> {
    let code = business_code.to_owned();
    let found = provider.store.transaction(move |db| records::find(db, &code)).await?;
    match found.as_ref().map(|record| record.state) {
        Some(state @ (State::Finished | State::Canceled)) => return Ok(state),
        Some(State::Auditing | State::ToBeConfirmed | State::ToBeSigned | State::Signing) => {
            return follow(provider, business_code, found.and_then(|it| it.applyment_id)).await;
        }
        _ => {}
    }
    let application = application::read(&provider.settings.folder, business_code).await?;
    let Some(record) = found else {
        return begin(provider, &application).await;
    };
    match record.state {
        State::Submitting => settle(provider, &application).await,
        // Only another form or another picture is worth another audit.
        state @ (State::Refused | State::Rejected) if record.content == application.digest => {
            Ok(state)
        }
        _ => submit(provider, &application).await,
    }
}

/// An application that is new to this store. A store that was lost must not cost another audit, so the program asks first.
async fn begin(provider: &Provider, application: &Application) -> Result<State, Failure> {
    let known = query(provider, &application.business_code).await?;
    let (code, digest) = (application.business_code.clone(), application.digest.clone());
    let begun = provider.store.transaction(move |db| {
        records::insert(db, &code, &digest)?;
        known.map(|applyment| records::stated(db, &code, &applyment)).transpose()
    });
    match begun.await? {
        Some(state) => Ok(state),
        None => submit(provider, application).await,
    }
}

/// Uploads the pictures and submits.
async fn submit(provider: &Provider, application: &Application) -> Result<State, Failure> {
    let mut media_ids = Vec::new();
    for picture in &application.pictures {
        media_ids.push(upload(provider, application, picture).await?);
    }
    let (code, digest) = (application.business_code.clone(), application.digest.clone());
    provider.store.transaction(move |db| records::begin(db, &code, &digest)).await?;
    let code = application.business_code.clone();
    match send(provider, application, &media_ids).await {
        Ok(response) => {
            let id = response.applyment_id.ok_or(Failure::Missing("applyment_id"))?;
            provider.store.transaction(move |db| records::accepted(db, &code, id)).await
        }
        Err(error) if is_about_the_form(&error) => {
            keep(provider, &code, State::Refused, Some(error.to_string())).await
        }
        Err(error) if error.outcome() == Outcome::NotSent => {
            keep(provider, &code, State::Ready, None).await?;
            Err(error.into())
        }
        Err(error) => after_an_error(provider, application, error).await,
    }
}

/// A query knows more than any error.
async fn after_an_error(
    provider: &Provider,
    application: &Application,
    error: wxpay_api::Error,
) -> Result<State, Failure> {
    let code = &application.business_code;
    let what = format!("the submission of {code}");
    let found = match query(provider, code).await {
        Ok(found) => found,
        // Unknown it was, and unknown it stays.
        Err(_) => return Err(Failure::Unknown { what, source: Box::new(error) }),
    };
    if let Some(applyment) = found
        && !records::state_of(code, &applyment.applyment_state)?.takes_a_submission()
    {
        return state(provider, code, applyment).await;
    }
    match (error.outcome(), error.api()) {
        (Outcome::Refused, Some(api)) if api.advice().may_retry() => {
            keep(provider, code, State::Ready, None).await?;
            Err(error.into())
        }
        (Outcome::Refused, api) => {
            let why = api.map_or_else(|| error.to_string(), |api| api.to_string());
            keep(provider, code, State::Refused, Some(why)).await
        }
        // Perhaps it is still on its way. The next run queries again.
        _ => Err(Failure::Unknown { what, source: Box::new(error) }),
    }
}

/// An earlier submission has an unknown outcome: its response was lost, or the program was killed.
async fn settle(provider: &Provider, application: &Application) -> Result<State, Failure> {
    let code = &application.business_code;
    let found = query(provider, code).await?;
    if let Some(applyment) = found {
        let is_news = match records::state_of(code, &applyment.applyment_state)? {
            // The rejection may be that of the submission before.
            State::Rejected => {
                let code = code.clone();
                let held =
                    provider.store.transaction(move |db| records::rejections(db, &code)).await?;
                held != records::rejections_of(&applyment)
            }
            _ => true,
        };
        if is_news {
            return state(provider, code, applyment).await;
        }
    }
    let number = code.clone();
    let is_under_way =
        provider.store.transaction(move |db| records::is_under_way(db, &number, UNDER_WAY));
    match is_under_way.await? {
        true => Ok(State::Submitting),
        // It never arrived. The same business code cannot make a second application.
        false => submit(provider, application).await,
    }
}

/// Asks for the state of an application that WeChat Pay has.
async fn follow(provider: &Provider, code: &str, id: Option<i64>) -> Result<State, Failure> {
    let id = id.ok_or(Failure::Missing("applyment_id"))?;
    let applyments = provider.polite().await.v3().applyment4sub().applyment();
    let applyment = applyments.applyment_id().applyment_id(id.to_string()).get().await?;
    state(provider, code, applyment).await
}

/// Asks by the own number. Returns `None` if WeChat Pay does not know it.
async fn query(provider: &Provider, business_code: &str) -> Result<Option<Applyment>, Failure> {
    let applyments = provider.polite().await.v3().applyment4sub().applyment();
    match applyments.business_code().business_code(business_code).get().await {
        Ok(applyment) => Ok(Some(applyment)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn state(
    provider: &Provider,
    business_code: &str,
    applyment: Applyment,
) -> Result<State, Failure> {
    let code = business_code.to_owned();
    provider.store.transaction(move |db| records::stated(db, &code, &applyment)).await
}

async fn keep(
    provider: &Provider,
    business_code: &str,
    state: State,
    refusal: Option<String>,
) -> Result<State, Failure> {
    let code = business_code.to_owned();
    let keep = move |db: &_| records::not_accepted(db, &code, state, refusal.as_deref());
    provider.store.transaction(keep).await
}

/// Uploads a picture, unless an earlier run did.
async fn upload(
    provider: &Provider,
    application: &Application,
    picture: &wxpay_api::File,
) -> Result<String, Failure> {
    let (code, digest) = (application.business_code.clone(), picture.sha256());
    let held = {
        let (code, digest) = (code.clone(), digest.clone());
        provider.store.transaction(move |db| records::media_id(db, &code, &digest)).await?
    };
    if let Some(media_id) = held {
        return Ok(media_id);
    }
    let upload = provider.polite().await.v3().merchant().media().upload();
    let media = upload.post(|r| r.file(picture.clone())).await?;
    let media_id = media.media_id.present().ok_or(Failure::Missing("media_id"))?.to_owned();
    let kept = media_id.clone();
    provider.store.transaction(move |db| records::uploaded(db, &code, &digest, &kept)).await?;
    Ok(media_id)
}

/// Sends the form. The client encrypts the secrets.
async fn send(
    provider: &Provider,
    application: &Application,
    media_ids: &[String],
) -> wxpay_api::Result<Response> {
    let form = &application.form;
    let media_id = |name: &str| {
        let names = form.pictures();
        let found = names.iter().position(|picture| *picture == name);
        found.and_then(|index| media_ids.get(index)).cloned().unwrap_or_default()
    };
    let (subject, person) = (&form.subject, &form.legal_person);
    let (shop, account) = (&form.store, &form.bank_account);
    let call = provider.polite().await.v3().applyment4sub().applyment().post(|r| {
        r.business_code(&application.business_code)
            .contact_info(|c| {
                c.contact_type("LEGAL")
                    .contact_name(form.contact.name.clone())
                    .mobile_phone(form.contact.mobile_phone.clone())
                    .contact_email(form.contact.email.clone())
            })
            .subject_info(|s| {
                s.subject_type(subject.subject_type.as_str())
                    .business_license_info(|l| {
                        l.license_copy(media_id(&subject.license_copy))
                            .license_number(&subject.license_number)
                            .merchant_name(&subject.merchant_name)
                            .legal_person(&subject.legal_person)
                    })
                    .identity_info(|i| {
                        i.id_holder_type("LEGAL")
                            .id_doc_type("IDENTIFICATION_TYPE_IDCARD")
                            .owner(true)
                            .id_card_info(|c| {
                                c.id_card_copy(media_id(&person.id_card_copy))
                                    .id_card_national(media_id(&person.id_card_national))
                                    .id_card_name(person.id_card_name.clone())
                                    .id_card_number(person.id_card_number.clone())
                                    .card_period_begin(&person.card_period_begin)
                                    .card_period_end(&person.card_period_end)
                            })
                    })
            })
            .business_info(|b| {
                b.merchant_shortname(&shop.short_name)
                    .service_phone(&shop.service_phone)
                    .sales_info(|s| {
                        s.sales_scenes_type(["SALES_SCENES_STORE"]).biz_store_info(|s| {
                            s.biz_store_name(&shop.name)
                                .biz_address_code(&shop.address_code)
                                .biz_store_address(&shop.address)
                                .store_entrance_pic([media_id(&shop.entrance_picture)])
                                .indoor_pic([media_id(&shop.indoor_picture)])
                        })
                    })
            })
            .settlement_info(|s| {
                s.settlement_id(&form.settlement_id).qualification_type(&form.qualification_type)
            })
            .bank_account_info(|b| {
                b.bank_account_type(account.account_type.as_str())
                    .account_name(account.account_name.clone())
                    .account_bank(&account.account_bank)
                    .bank_address_code(&account.bank_address_code)
                    .when_some(account.bank_name.as_deref(), |b, name| b.bank_name(name))
                    .account_number(account.account_number.clone())
            })
    });
    call.await
}
