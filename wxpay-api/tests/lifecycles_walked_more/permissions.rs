//! `payscore/permission`: a user authorises a service, until the user or the merchant ends it.

use serde_json::{Value, json};

use crate::support::{APPID, MCHID, MINUTE, OPENID, World, assert_impossible, content, ok, with};

const LIFECYCLE: &str = "payscore/permission";
const PERMISSIONS: &str = "/v3/payscore/permissions";
const SERVICE: &str = "500001";
const NOT_EXIST: &str = "404 RESOURCE_NOT_EXISTS 授权记录不存在";
const NOT_AUTHORISED: &str = "400 INVALID_REQUEST 用户未授权服务";

fn permission(world: &World, code: &str) -> Value {
    json!({ "service_id": SERVICE, "appid": APPID, "authorization_code": code, "notify_url": world.url })
}

fn termination() -> Value {
    json!({ "service_id": SERVICE, "reason": "不再使用" })
}

fn by_code(code: &str) -> String {
    format!("{PERMISSIONS}/authorization-code/{code}")
}

#[tokio::test]
async fn a_user_authorises_and_the_merchant_terminates() {
    let world = World::start().await;
    let permissions = world.wx.v3().payscore().permissions();
    let apply = || {
        permissions.post(|r| {
            r.service_id(SERVICE)
                .appid(APPID)
                .authorization_code("code-1")
                .notify_url(world.url.as_str())
        })
    };
    let token = ok(apply()).await;
    assert_ne!(ok(apply()).await, token);
    let by_code = permissions.authorization_code().authorization_code("code-1");
    let unbound = ok(by_code.get(|r| r.service_id(SERVICE))).await;
    assert_eq!(unbound["authorization_state"], "UNBINDUSER");
    assert_eq!(unbound["mchid"], MCHID);
    assert!(unbound.get("openid").is_none() && unbound.get("token_time").is_none());
    let terminate = format!("{}/terminate", self::by_code("code-1"));
    world.refused(&terminate, termination(), NOT_AUTHORISED).await;
    let resource = world.resource(LIFECYCLE, "code-1");
    assert_impossible(&resource, "revoke");

    resource.event_with("authorise", json!({ "openid": OPENID })).unwrap();
    let notification = world.notification("PAYSCORE.USER_OPEN_SERVICE").await;
    let opened = content(&notification);
    assert_eq!(opened["user_service_status"], "USER_OPEN_SERVICE");
    assert_eq!((&opened["mchid"], &opened["openid"]), (&json!(MCHID), &json!(OPENID)));
    assert_eq!(opened["openorclose_time"].as_str().unwrap().len(), 14);
    let by_openid = permissions.openid().openid(OPENID);
    let available = ok(by_openid.get(|r| r.service_id(SERVICE).appid(APPID))).await;
    assert_eq!(available["authorization_state"], "AVAILABLE");
    assert!(available["authorization_success_time"].is_string());
    let state =
        format!("/v3/payscore/user-service-state?appid={APPID}&openid={OPENID}&service_id=");
    assert_eq!(world.get(&format!("{state}{SERVICE}")).await["use_service_state"], "AVAILABLE");
    world.refused_get(&format!("{state}500002"), NOT_EXIST).await;

    let other = json!({ "service_id": "500002", "reason": "不再使用" });
    let refusal = "400 INVALID_REQUEST 商户解除授权的授权码不是这个用户签约的授权";
    world.refused(&terminate, other, refusal).await;
    ok(by_code.terminate().post(|r| r.service_id(SERVICE).reason("不再使用"))).await;
    let closed = content(&world.notification("PAYSCORE.USER_CLOSE_SERVICE").await);
    assert_eq!(closed["user_service_status"], "USER_CLOSE_SERVICE");
    let unavailable = world.get(&format!("{}?service_id={SERVICE}", self::by_code("code-1"))).await;
    assert_eq!(unavailable["authorization_state"], "UNAVAILABLE");
    assert!(unavailable["cancel_authorization_time"].is_string());
    world.refused(&terminate, termination(), NOT_AUTHORISED).await;
    assert_impossible(&resource, "authorise");
}

#[tokio::test]
async fn a_token_lives_for_an_hour() {
    let world = World::start().await;
    world.post(PERMISSIONS, permission(&world, "code-1")).await;
    world.sandbox.advance(MINUTE * 61);
    let resource = world.resource(LIFECYCLE, "code-1");
    let error = resource.event("authorise").unwrap_err().to_string();
    assert!(error.contains("预授权token已过期"), "{error}");
    world.post(PERMISSIONS, permission(&world, "code-1")).await;
    resource.event("authorise").unwrap();
    resource.event("revoke").unwrap();
    let events: Vec<_> = world.notifications().await;
    let events: Vec<_> = events.iter().map(|it| it.event_type()).collect();
    assert_eq!(events, ["PAYSCORE.USER_OPEN_SERVICE", "PAYSCORE.USER_CLOSE_SERVICE"]);
}

#[tokio::test]
async fn nobody_authorised() {
    let world = World::start().await;
    let query = format!("?service_id={SERVICE}&appid={APPID}");
    world.refused_get(&format!("{}?service_id={SERVICE}", by_code("nobody")), NOT_EXIST).await;
    world.refused_get(&format!("{PERMISSIONS}/openid/nobody{query}"), NOT_EXIST).await;
    world.refused(&format!("{}/terminate", by_code("nobody")), termination(), NOT_EXIST).await;
    let by_openid = json!({ "service_id": SERVICE, "appid": APPID, "reason": "不再使用" });
    world.refused(&format!("{PERMISSIONS}/openid/nobody/terminate"), by_openid, NOT_EXIST).await;
}

#[tokio::test]
async fn partners_and_institutions_have_the_same_authorisations() {
    let world = World::start().await;
    let sub = json!({ "sub_mchid": "1900000109" });
    let institution = json!({ "sub_mchid": "1900000109", "channel_id": "1230000110" });
    for (base, more, query) in [
        ("/v3/payscore/partner/permissions", sub, "&sub_mchid=1900000109"),
        (
            "/v3/payscore/acquiringbank/permissions",
            institution,
            "&sub_mchid=1900000109&channel_id=1230000110",
        ),
    ] {
        let code = format!("code-{}", base.len());
        let token = world.post(base, with(permission(&world, &code), more.clone())).await;
        assert!(token["apply_permissions_token"].is_string());
        world.resource(LIFECYCLE, &code).event("authorise").unwrap();
        let opened = content(&world.notification("PAYSCORE.USER_OPEN_SERVICE").await);
        assert_eq!(
            (&opened["mch_id"], &opened["sub_mch_id"]),
            (&json!(MCHID), &json!("1900000109"))
        );
        let path = format!("{base}/authorization-code/{code}");
        let queried = world.get(&format!("{path}?service_id={SERVICE}{query}")).await;
        assert_eq!(queried["authorization_state"], "AVAILABLE");
        world.post(&format!("{path}/terminate"), with(termination(), more)).await;
        world.notification("PAYSCORE.USER_CLOSE_SERVICE").await;
    }
    let scene = with(
        permission(&world, "code-scene"),
        json!({ "sub_mchid": "1900000109", "scene": "TRANSACTION" }),
    );
    let made = world.post("/v3/payscore/partner/permissions/apply-for-scene", scene).await;
    assert_eq!(made["scene"], "TRANSACTION");
    assert!(made["transaction_permissions_token"].is_string());
    let resource = world.resource(LIFECYCLE, "code-scene");
    resource.event_with("authorise", json!({ "openid": OPENID })).unwrap();
    let search = format!(
        "/v3/payscore/partner/permissions/search?service_id={SERVICE}&appid={APPID}&sub_mchid=1900000109&openid={OPENID}"
    );
    assert_eq!(world.get(&search).await["authorization_code"], "code-scene");
    let terminate = json!({
        "openid": OPENID, "service_id": SERVICE, "appid": APPID, "sub_mchid": "1900000109", "reason": "r",
    });
    world.post("/v3/payscore/partner/permissions/terminate", terminate).await;
    world.assert_state(LIFECYCLE, "code-scene", "UNAVAILABLE");
}

#[tokio::test]
async fn an_authorisation_is_terminated_by_the_openid() {
    let world = World::start().await;
    for (code, openid) in [("code-1", "openid-1"), ("code-2", "openid-2")] {
        world.post(PERMISSIONS, permission(&world, code)).await;
        let resource = world.resource(LIFECYCLE, code);
        resource.event_with("authorise", json!({ "openid": openid })).unwrap();
    }
    let one = world.wx.v3().payscore().permissions().openid().openid("openid-1");
    ok(one.terminate().post(|r| r.service_id(SERVICE).appid(APPID).reason("r"))).await;
    let old = format!("/v3/payscore/users/openid-2/permissions/{SERVICE}/terminate");
    world.post(&old, json!({ "appid": APPID, "reason": "r" })).await;
    for code in ["code-1", "code-2"] {
        world.assert_state(LIFECYCLE, code, "UNAVAILABLE");
    }
}
