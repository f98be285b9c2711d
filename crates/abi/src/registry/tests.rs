use super::*;
use crate::{Strictness, parse_event_signature};

const ERC20: &str = "event Transfer(address indexed from, address indexed to, uint256 value)";
const ERC721: &str =
    "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)";
/// The same signature and as many indexed parameters as ERC-20, but others.
const ODD: &str = "event Transfer(address indexed from, address to, uint256 indexed value)";

fn registry(signatures: &[&str]) -> Registry {
    let events: Vec<_> = signatures
        .iter()
        .map(|text| parse_event_signature(text).unwrap())
        .collect();
    Registry::from_events(&events).unwrap()
}

fn topics(signature: &str, count: usize) -> Vec<B256> {
    let decoder = EventDecoder::new(&parse_event_signature(signature).unwrap()).unwrap();
    let mut topics = Vec::from(decoder.topic0().as_slice());
    topics.resize(count, B256::ZERO);
    topics
}

#[test]
fn one_topic0_and_two_numbers_of_topics_are_two_events() {
    let registry = registry(&[ERC20, ERC721]);
    for (topics, expected) in [(topics(ERC20, 3), ERC20), (topics(ERC721, 4), ERC721)] {
        let Candidates::Event(decoder) = registry.candidates(&topics) else {
            panic!("one event for {} topics", topics.len());
        };
        assert_eq!(human_signature(decoder.event()).unwrap(), expected);
    }
    assert_eq!(registry.len(), 2);
    assert_eq!(registry.iter().count(), 2);
}

#[test]
fn what_nobody_knows_is_an_error_that_says_what_was_looked_for() {
    let registry = registry(&[ERC20]);
    for topics in [
        Vec::new(),
        vec![B256::ZERO; 3],
        topics(ERC20, 1),
        topics(ERC20, 4),
    ] {
        assert!(matches!(registry.candidates(&topics), Candidates::Unknown));
    }
    let error = registry.resolve(&topics(ERC20, 4)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no event is known with topic0 \
         0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef and 4 topics in all",
    );
    let error = registry.resolve(&[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no event is known that has no topics at all"
    );
    assert!(Registry::new().is_empty());
}

#[test]
fn what_the_log_does_not_tell_is_not_guessed() {
    let registry = registry(&[ERC20, ODD]);
    let Candidates::Ambiguous(decoders) = registry.candidates(&topics(ERC20, 3)) else {
        panic!("two events can be meant");
    };
    assert_eq!(decoders.len(), 2);
    let error = registry.resolve(&topics(ERC20, 3)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the log can be of several events: `{ERC20}`, `{ODD}`")
    );
}

#[test]
fn a_long_list_of_candidates_is_cut() {
    let signatures: Vec<_> = (0..20)
        .map(|nth| format!("E(uint256 a{nth}{})", "x".repeat(200)))
        .collect();
    let signatures: Vec<_> = signatures.iter().map(String::as_str).collect();
    let registry = registry(&signatures);
    let error = registry.resolve(&topics("E(uint256)", 1)).unwrap_err();
    let text = error.to_string();
    assert!(
        text.ends_with(" and 12 more") && text.len() < 4_000,
        "{text}"
    );
}

#[test]
fn equal_events_are_one() {
    let mut registry = registry(&[
        ERC20,
        "Transfer(address indexed from,address indexed to,uint value)",
    ]);
    assert_eq!(registry.len(), 1);
    let again = EventDecoder::new(&parse_event_signature(ERC20).unwrap()).unwrap();
    assert!(!registry.insert(again.clone()));
    // Names inside tuples are names too, and who is stricter reads other logs.
    assert!(registry.insert(again.with_strictness(Strictness::Strict)));
    for signature in ["T((uint8 a) x)", "T((uint8 b) x)", "T((uint8 b) y)"] {
        let decoder = EventDecoder::new(&parse_event_signature(signature).unwrap()).unwrap();
        assert!(registry.insert(decoder), "{signature}");
    }
}

#[test]
fn anonymous_events_are_known_by_the_number_of_topics_only() {
    let mut registry = registry(&[ERC20, "A(uint8 indexed a, uint8 b) anonymous"]);
    let unknown = [B256::ZERO];
    assert!(matches!(
        registry.candidates(&unknown),
        Candidates::Anonymous([_])
    ));
    assert_eq!(registry.resolve(&unknown).unwrap().name(), "A");
    // A known topic0 is stronger.
    let named = EventDecoder::new(&parse_event_signature("B()").unwrap()).unwrap();
    let topic0 = named.topic0().unwrap();
    assert_eq!(registry.resolve(&[topic0]).unwrap().name(), "A");
    registry.insert(named);
    assert_eq!(registry.resolve(&[topic0]).unwrap().name(), "B");

    let another = parse_event_signature("C(uint8 indexed c) anonymous").unwrap();
    registry.insert(EventDecoder::new(&another).unwrap());
    let error = registry.resolve(&unknown).unwrap_err();
    assert!(matches!(
        error.kind(),
        DecodeErrorKind::AmbiguousEvent { candidates, more: 0 } if candidates.len() == 2
    ));
    assert!(matches!(
        registry.candidates(&[B256::ZERO; 9]),
        Candidates::Unknown
    ));
}
