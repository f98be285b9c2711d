//! Licence expressions, as [SPDX] defines them and as older manifests write them (`MIT/Apache-2.0`).
//!
//! [SPDX]: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/

/// Whether the licences that are `allowed` satisfy `expression`; `None` when it is not one.
///
/// An exception (`WITH`) only ever gives more than its licence does, so it is not looked at.
pub(crate) fn is_satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut parser = Parser {
        words: &words,
        allowed,
    };
    let satisfied = parser.any()?;
    parser.words.is_empty().then_some(satisfied)
}

struct Parser<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Parser<'_> {
    /// `OR` binds loosest.
    fn any(&mut self) -> Option<bool> {
        let mut satisfied = self.all()?;
        while self.take("OR") {
            satisfied |= self.all()?;
        }
        Some(satisfied)
    }

    fn all(&mut self) -> Option<bool> {
        let mut satisfied = self.one()?;
        while self.take("AND") {
            satisfied &= self.one()?;
        }
        Some(satisfied)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let satisfied = self.any()?;
            return self.take(")").then_some(satisfied);
        }
        let satisfied = (self.allowed)(self.name()?);
        if self.take("WITH") {
            self.name()?;
        }
        Some(satisfied)
    }

    fn name(&mut self) -> Option<&str> {
        let (first, rest) = self.words.split_first()?;
        if ["(", ")", "AND", "OR", "WITH"].contains(first) {
            return None;
        }
        self.words = rest;
        Some(first)
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn satisfied(expression: &str) -> Option<bool> {
        is_satisfied(expression, &|licence| ["MIT", "ISC"].contains(&licence))
    }

    #[test]
    fn expressions_are_satisfied_as_they_say() {
        for good in [
            "MIT",
            "GPL-3.0-only OR MIT",
            "Apache-2.0/MIT",
            "MIT AND ISC",
            "(MIT OR X) AND ISC",
        ] {
            assert_eq!(satisfied(good), Some(true), "{good}");
        }
        for bad in ["X", "MIT AND X", "MIT AND (X OR Y)", "X WITH exception"] {
            assert_eq!(satisfied(bad), Some(false), "{bad}");
        }
        // AND binds tighter than OR.
        assert_eq!(satisfied("MIT OR X AND Y"), Some(true));
        assert_eq!(satisfied("MIT WITH exception OR X"), Some(true));
    }

    #[test]
    fn what_is_not_an_expression_satisfies_nothing() {
        for wrong in [
            "", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT ISC", "MIT WITH",
        ] {
            assert_eq!(satisfied(wrong), None, "{wrong}");
        }
    }
}
