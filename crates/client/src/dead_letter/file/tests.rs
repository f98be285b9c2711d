use std::fs;

use event_streamer_models::SubscriptionId;

use super::*;

fn letter(event: &str) -> DeadLetter {
    DeadLetter {
        failed_at: "2024-05-23T10:30:00.000Z".parse().unwrap(),
        subscription_id: SubscriptionId::new(7).unwrap(),
        batch_id: Some("batch_1".into()),
        handler: "`Transfer`".to_owned(),
        attempts: 5,
        error: "the disk is full\u{0}".to_owned(),
        event_name: "Transfer".to_owned(),
        event: event.to_owned(),
    }
}

fn open_events(file: &DeadLetterFile) -> Vec<Result<String, DeadLetterErrorKind>> {
    let letters = file.open_letters().unwrap();
    letters
        .map(|letter| match letter {
            Ok((_, letter)) => Ok(letter.event),
            Err(error) => Err(error.kind()),
        })
        .collect()
}

#[tokio::test]
async fn letters_are_kept_in_order_until_they_are_settled() {
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters"));
    assert_eq!(open_events(&file), []);
    let wide = r#"{"value":115792089237316195423570985008687907853269984665640564039457584007913129639935}"#;
    file.write(&[letter("{}"), letter(wide)]).await.unwrap();
    file.write(&[letter("[3]")]).await.unwrap();
    let kept: Vec<_> = file.open_letters().unwrap().map(Result::unwrap).collect();
    assert_eq!(
        kept.iter().map(|kept| &kept.1).collect::<Vec<_>>(),
        [&letter("{}"), &letter(wide), &letter("[3]")]
    );
    file.settle(kept[1].0).unwrap();
    file.settle(kept[1].0).unwrap();
    assert_eq!(
        open_events(&file),
        [Ok("{}".to_owned()), Ok("[3]".to_owned())]
    );
}

#[tokio::test]
async fn what_a_crash_cut_off_is_told_and_costs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters"));
    file.write(&[letter("1")]).await.unwrap();
    let whole = fs::read(file.path()).unwrap();
    for cut in 1..whole.len() - 1 {
        let mut text = whole.clone();
        text.extend_from_slice(&whole[..cut]);
        fs::write(file.path(), text).unwrap();
        file.write(&[letter("2")]).await.unwrap();
        let expected = [
            Ok("1".to_owned()),
            Err(DeadLetterErrorKind::Damaged),
            Ok("2".to_owned()),
        ];
        assert_eq!(open_events(&file), expected, "cut after {cut} bytes");
    }
    let changed = String::from_utf8(whole)
        .unwrap()
        .replace("is full", "is fine");
    fs::write(file.path(), changed).unwrap();
    assert_eq!(open_events(&file), [Err(DeadLetterErrorKind::Damaged)]);
}

#[tokio::test]
async fn a_file_is_bounded_and_takes_all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters")).with_max_bytes(1_000);
    file.write(&[letter("1")]).await.unwrap();
    let many = vec![letter("2"); 10];
    let error = file.write(&many).await.unwrap_err();
    assert_eq!(error.kind(), DeadLetterErrorKind::Full);
    assert!(error.to_string().contains("1000 bytes"), "{error}");
    assert_eq!(open_events(&file), [Ok("1".to_owned())]);
    let id = file.open_letters().unwrap().next().unwrap().unwrap().0;
    file.with_max_bytes(1).settle(id).unwrap();
}
