//! Names of an ABI in Rust's notation.

use std::collections::{HashMap, HashSet};

/// Words that are no names in Rust (its reference, "Keywords"; those of every edition).
const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "abi",
];

/// Names of types that the generated code uses by themselves; `R` is what it reads from.
const PRELUDE: [&str; 15] = [
    "R",
    "Self",
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "String",
    "Vec",
    "Debug",
    "Clone",
    "PartialEq",
    "Eq",
    "Hash",
];

/// Longest name that is given, but for its number: what declares it then fits into a line.
const LONGEST: usize = 60;

/// `sqrt_price_x96`; `None` if nothing of the name can stand in one of Rust.
pub(super) fn snake_case(name: &str) -> Option<String> {
    let mut snake = String::new();
    let words = words(name);
    for word in &words {
        if !snake.is_empty() {
            snake.push('_');
        }
        snake.push_str(&word.to_ascii_lowercase());
    }
    if snake.is_empty() {
        return None;
    }
    if snake.starts_with(|first: char| first.is_ascii_digit()) {
        snake.insert_str(0, "n_");
    }
    if KEYWORDS.contains(&snake.as_str()) {
        snake.push('_');
    }
    Some(snake)
}

/// `TransferSingle`; `None` if nothing of the name can stand in one of Rust.
pub(super) fn camel_case(name: &str) -> Option<String> {
    let mut camel = String::new();
    let mut start = true;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() {
            start = true;
        } else if start {
            camel.push(letter.to_ascii_uppercase());
            start = false;
        } else {
            camel.push(letter);
        }
    }
    if camel.starts_with(|first: char| first.is_ascii_digit()) {
        camel.insert(0, 'N');
    }
    (!camel.is_empty()).then_some(camel)
}

/// The words of a name: `sqrtPriceX96` has `sqrt`, `Price`, `X96`, and `ERC20Token` has `ERC20`,
/// `Token`.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if begins || !letter.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(*letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Names that are taken, each once.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    counters: HashMap<String, usize>,
}

impl Names {
    /// For types, beside those of the prelude.
    pub(super) fn of_types() -> Self {
        Self {
            taken: PRELUDE.map(str::to_owned).into(),
            counters: HashMap::new(),
        }
    }

    /// `base`, or if it is taken the first of `base2`, `base3`.. that is free; `separator` stands
    /// before the number.
    pub(super) fn take(&mut self, mut base: String, separator: &str) -> String {
        // Names are ASCII.
        base.truncate(LONGEST);
        if self.taken.insert(base.clone()) {
            return base;
        }
        let next = self.counters.entry(base.clone()).or_insert(2);
        loop {
            let name = format!("{base}{separator}{next}");
            *next += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_brought_into_the_notation_of_rust() {
        for (name, snake, camel) in [
            ("value", "value", "Value"),
            ("tokenId", "token_id", "TokenId"),
            ("sqrtPriceX96", "sqrt_price_x96", "SqrtPriceX96"),
            ("ERC20Token", "erc20_token", "ERC20Token"),
            ("baseURI", "base_uri", "BaseURI"),
            ("URIBase", "uri_base", "URIBase"),
            ("_from", "from", "From"),
            ("__a__b_", "a_b", "AB"),
            ("a$b", "a_b", "AB"),
            ("1inch", "n_1inch", "N1inch"),
            ("type", "type_", "Type"),
            ("Self", "self_", "Self"),
            ("DAI", "dai", "DAI"),
            ("größe x", "gr_e_x", "GrEX"),
        ] {
            assert_eq!(snake_case(name).as_deref(), Some(snake));
            assert_eq!(camel_case(name).as_deref(), Some(camel));
        }
        for name in ["", "_", "$$", "世界"] {
            assert_eq!((snake_case(name), camel_case(name)), (None, None));
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let mut names = Names::of_types();
        let mut take = |base: &str| names.take(base.to_owned(), "");
        assert_eq!(
            ["A", "A2", "A", "A", "Vec"].map(&mut take),
            ["A", "A2", "A3", "A4", "Vec2"]
        );
    }
}
