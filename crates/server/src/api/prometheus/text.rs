//! The text format, line by line.

use std::fmt::{Display, Write as _};

/// The text, one family of metrics after the other.
#[derive(Default)]
pub(super) struct Text {
    pub(super) text: String,
    name: &'static str,
}

impl Text {
    pub(super) fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        self.name = name;
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.sample_of("", labels, value);
    }

    /// A sample of a histogram's parts, which have an ending behind the family's name.
    pub(super) fn sample_of(&mut self, ending: &str, labels: &[(&str, &str)], value: impl Display) {
        self.text.push_str(self.name);
        self.text.push_str(ending);
        for (index, (label, of)) in labels.iter().enumerate() {
            let before = if index == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{before}{label}=\"{}\"", escaped(of));
        }
        let after = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.text, "{after} {value}");
    }
}

fn escaped(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out_of_their_line() {
        let mut text = Text::default();
        text.family("up", "gauge", "Whether it is.");
        text.sample(&[("a", "b\"\\\n"), ("c", "d")], 1);
        text.sample(&[], 0.5);
        let expected =
            "# HELP up Whether it is.\n# TYPE up gauge\nup{a=\"b\\\"\\\\\\n\",c=\"d\"} 1\nup 0.5\n";
        assert_eq!(text.text, expected);
    }
}
