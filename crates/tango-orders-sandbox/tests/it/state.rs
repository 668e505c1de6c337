use std::fs;
use std::time::Duration;

use tango_orders_sandbox::{AsyncOrderPlan, Clock, Sandbox, Scenario};

use crate::caller::{get, page};
use crate::loaded::ORDER;

#[tokio::test]
async fn a_sandbox_goes_on_where_it_left_off() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
    let scenario = Scenario::parse("steps: [{ fault: '500' }, { fault: '503' }]").unwrap();
    let mut clock = Clock::manual();
    let first = Sandbox::builder()
        .seed(7)
        .orders(3)
        .async_order(plan.line_items(10).takes(100))
        .foreign_customer("hooli-sample")
        .payload(ORDER)
        .unwrap()
        .scenario(scenario.clone())
        .clock(clock.clone())
        .start()
        .await
        .unwrap();
    clock.advance(Duration::from_secs(50));
    assert_eq!(get(&first, "/orders/RA260115-1001-01").await.status, 500);
    first.save(&file).unwrap();

    let builder = Sandbox::builder().clock(Clock::manual()).resume(&file).unwrap();
    // The same payload once more is not another order.
    let builder = builder.scenario(scenario).payload(ORDER).unwrap();
    let second = builder.start().await.unwrap();
    for sandbox in [&first, &second] {
        assert_eq!(get(sandbox, "/orders/RA260115-1001-01").await.status, 503, "the next step");
    }
    for path in ["/orders/RA260115-1001-02", "/orders/RA180426-1401-64"] {
        let (before, after) = (get(&first, path).await, get(&second, path).await);
        assert_eq!((before.status, &before.body), (200, &after.body));
        assert_eq!(before.header("x-request-id"), after.header("x-request-id"));
    }
    assert_eq!(get(&second, "/orders/RA260115-1001-04").await.status, 404, "there are three");
    let path = "/asyncOrders/customers/hooli-sample/accounts/a/b";
    assert_eq!(get(&second, path).await.status, 403);
    let order = page(&second, "mine", &[]).await.json();
    assert_eq!(order["orderStatus"], "PENDING");
    assert_eq!(order["lineItems"][4]["lineItemStatus"], "COMPLETE");
    assert_eq!(order["lineItems"][5]["lineItemStatus"], "PENDING");
}

#[tokio::test]
async fn a_state_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder().start().await.unwrap();
    let file = folder.path().join("state.json");
    sandbox.save(&file).unwrap();
    sandbox.save(&file).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    assert!(sandbox.save(&folder.path().join("missing/state.json")).is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "it is its owner's only");
    }
}

#[tokio::test]
async fn a_state_that_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let resume = |builder: tango_orders_sandbox::Builder| builder.resume(&file).err();
    assert!(resume(Sandbox::builder()).is_none(), "there is none yet");
    let builder = Sandbox::builder().seed(7).clock(Clock::manual());
    builder.start().await.unwrap().save(&file).unwrap();
    assert!(resume(Sandbox::builder().seed(7).orders(1000)).is_none());
    let text = fs::read_to_string(&file).unwrap();
    let mut messages = String::new();
    let mut tell = |builder| {
        let message = resume(builder).unwrap().to_string();
        messages += &message.replace(folder.path().to_str().unwrap(), "FOLDER");
        messages.push('\n');
    };
    tell(Sandbox::builder().seed(8));
    tell(Sandbox::builder().orders(1));
    for (from, to) in
        [("\"version\": 2", "\"version\": 1"), ("\"seed\"", "\"sead\""), ("\"calls\": 0,", "")]
    {
        assert!(text.contains(from), "{text}");
        fs::write(&file, text.replace(from, to)).unwrap();
        tell(Sandbox::builder());
    }
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    tell(Sandbox::builder());
    fs::write(&file, text.replace("\"payloads\": []", "\"payloads\": [\"{}\"]")).unwrap();
    assert!(resume(Sandbox::builder()).unwrap().to_string().contains("error[required]"));
    insta::assert_snapshot!(messages);
}

#[tokio::test]
async fn one_sandbox_at_a_time_keeps_its_state_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let refused = || Sandbox::builder().state(&file).err().unwrap().to_string();
    let first = Sandbox::builder().state(&file).unwrap().start().await.unwrap();
    let second = Sandbox::builder().state(&file).unwrap().start().await.unwrap();
    // There was no file yet: it is whose who is the first to write.
    first.save_state().unwrap();
    assert!(second.save_state().unwrap_err().to_string().contains("another sandbox"));
    drop(second);
    for _ in 0..2 {
        assert!(refused().contains("another sandbox keeps its state there"), "{}", refused());
        let other = Sandbox::builder().start().await.unwrap();
        assert!(other.save(&file).is_err());
        // The file is another one each time.
        first.save_state().unwrap();
        first.save(&file).unwrap();
    }
    // Others may go on where it is now, without keeping anything there.
    assert!(Sandbox::builder().resume(&file).is_ok());
    drop(first);
    // By another name it is the same file, and stays where it is.
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let third = Sandbox::builder().state(&link).unwrap().start().await.unwrap();
    third.save_state().unwrap();
    third.save(&file).unwrap();
    assert!(refused().contains("another sandbox"), "{}", refused());
    drop(third);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    fs::remove_file(&link).unwrap();
    Sandbox::builder().state(&file).unwrap().start().await.unwrap().save_state().unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_state_does_not_grow_by_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    // What a process that was killed has left.
    fs::write(folder.path().join(".state.json.new"), "half of a sta").unwrap();
    let mut texts = Vec::new();
    for _ in 0..3 {
        let builder = Sandbox::builder().clock(Clock::manual()).state(&file).unwrap();
        let builder = builder.foreign_customer("hooli-sample").payload(ORDER).unwrap();
        builder.start().await.unwrap().save_state().unwrap();
        texts.push(fs::read_to_string(&file).unwrap());
    }
    assert_eq!(texts[1], texts[0]);
    assert_eq!(texts[2], texts[0]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_payload_that_was_edited_takes_the_place_of_what_the_state_has() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    for status in ["COMPLETE", "CANCELLED"] {
        let builder = Sandbox::builder().state(&file).unwrap();
        let builder = builder.payload(ORDER.replace("COMPLETE", status)).unwrap();
        let sandbox = builder.start().await.unwrap();
        assert_eq!(get(&sandbox, "/orders/RA180426-1401-64").await.json()["status"], status);
        sandbox.save_state().unwrap();
    }
    let sandbox = Sandbox::builder().state(&file).unwrap().start().await.unwrap();
    assert_eq!(get(&sandbox, "/orders/RA180426-1401-64").await.json()["status"], "CANCELLED");
}
