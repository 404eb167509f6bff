//! Secrets in requests.

use super::{CANARY, sighting, traces};
use crate::bench::Benches;
use crate::case::cases;
use crate::findings::Findings;
use crate::wire;

#[tokio::test]
async fn no_secret_of_a_request_is_shown() {
    traces::watch();
    let mut benches = Benches::default();
    let mut findings = Findings::default();
    let mut sent = 0;
    for case in cases(CANARY) {
        let bench = benches.bench(&case).await;
        let keys = bench.client.keys();
        let key = keys.encryption_key(std::time::SystemTime::now()).unwrap();
        let prepared = case.prepare(Some(&key)).unwrap();
        let result = case.call(&bench.client).await.unwrap();
        let received = bench.sandbox.received().pop().unwrap();
        sent += received.secrets().count();
        let shown = [
            ("the operation", case.shown(&bench.client)),
            ("the prepared request", format!("{prepared:?} {prepared:#?}")),
            ("the reply", result.shown),
            ("the sandbox", format!("{received:?} {received:#?} {:?}", bench.sandbox)),
        ];
        findings.add_all(case.expected, shown.iter().filter_map(|(what, it)| sighting(what, it)));
    }
    findings.assert_none();
    let expected = cases(CANARY).iter().map(|it| wire::secrets(&it.expected, CANARY).len()).sum();
    assert_eq!((sent, sent > 0), (expected, true), "the canaries were sent");
    let seen = traces::seen();
    assert!(seen.contains("otel.name=\"POST /v3/security/echo\""), "{seen}");
    assert!(seen.contains(r#"{\"echo_message\":"#), "bodies are traced, too");
    assert_eq!(sighting("a trace", &seen), None);
}
