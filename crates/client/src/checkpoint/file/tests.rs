use event_streamer_models::SubscriptionId;

use super::*;

fn key(name: &str) -> CheckpointKey {
    CheckpointKey::new(SubscriptionId::new(7).unwrap(), name).unwrap()
}

fn position(epoch: u64, step: u64, token: &str) -> SavedPosition {
    SavedPosition {
        resume_token: Some(token.into()),
        epoch,
        step,
    }
}

#[tokio::test]
async fn a_position_is_there_for_the_next_store() {
    let folder = tempfile::tempdir().unwrap();
    let key = key("billing");
    let store = FileCheckpoints::new(folder.path().join("new/folder"));
    assert_eq!(store.load(&key).await.unwrap(), None);
    let first = store.claim(&key).await.unwrap();
    assert_eq!((first.resume_token, first.epoch), (None, 1));
    store.save(&key, &position(1, 1, "rt_a")).await.unwrap();
    store.save(&key, &position(1, 2, "rt_b")).await.unwrap();
    // Late, and so without effect.
    store.save(&key, &position(1, 1, "rt_a")).await.unwrap();
    let path = store.path(&key);
    drop(store);

    // What a crash leaves beside it is nothing.
    std::fs::write(format!("{}.new", path.display()), "half a fi").unwrap();
    let store = FileCheckpoints::new(path.parent().unwrap());
    let saved = store.claim(&key).await.unwrap();
    assert_eq!(
        saved,
        SavedPosition {
            step: 0,
            ..position(2, 0, "rt_b")
        }
    );
}

#[tokio::test]
async fn only_the_last_to_claim_may_write() {
    let folder = tempfile::tempdir().unwrap();
    let key = key("billing");
    let store = FileCheckpoints::new(folder.path());
    store.claim(&key).await.unwrap();
    store.claim(&key).await.unwrap();
    let error = store.save(&key, &position(1, 9, "rt")).await.unwrap_err();
    assert_eq!(error.kind(), CheckpointErrorKind::Superseded);
    store.save(&key, &position(2, 1, "rt")).await.unwrap();

    let other = FileCheckpoints::new(folder.path());
    let error = other.claim(&key).await.unwrap_err();
    assert_eq!(error.kind(), CheckpointErrorKind::InUse);
    assert!(
        error.to_string().contains("billing-7.checkpoint"),
        "{error}"
    );
    drop(store);
    assert_eq!(other.claim(&key).await.unwrap().epoch, 3);
}

#[tokio::test]
async fn a_damaged_file_is_refused_whatever_byte_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let key = key("billing");
    let store = FileCheckpoints::new(folder.path());
    store.claim(&key).await.unwrap();
    store.save(&key, &position(1, 3, "rt_abc")).await.unwrap();
    let path = store.path(&key);
    let good = std::fs::read(&path).unwrap();
    let content = good.len() - 1;
    for index in 0..content {
        let mut bad = good.clone();
        bad[index] ^= 0x01;
        std::fs::write(&path, &bad).unwrap();
        let error = store.load(&key).await.unwrap_err();
        assert_eq!(error.kind(), CheckpointErrorKind::Damaged, "byte {index}");
        std::fs::write(&path, &good[..index]).unwrap();
        assert!(store.load(&key).await.is_err(), "cut at byte {index}");
    }
    std::fs::write(&path, vec![b' '; 100_000]).unwrap();
    let error = store.claim(&key).await.unwrap_err();
    assert!(error.to_string().contains("remove it"), "{error}");

    let other = super::tests::key("other");
    std::fs::write(&path, &good).unwrap();
    std::fs::copy(&path, store.path(&other)).unwrap();
    let error = store.load(&other).await.unwrap_err();
    assert!(error.to_string().contains("another name"), "{error}");
}
