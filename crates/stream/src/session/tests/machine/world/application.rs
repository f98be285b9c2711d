//! The application and its store: what is handled, and what of it is kept.

use super::super::chain::{Token, next_match};
use super::{World, Writing};

impl World {
    pub(super) fn handle(&mut self, which: usize) {
        if self.held.is_empty() {
            return;
        }
        let (id, entry) = self.held.remove(which % self.held.len());
        self.count(if entry == self.settled {
            "handle in order"
        } else {
            "handle out of order"
        });
        self.session.handled(self.now, id);
        self.entries[entry].done = true;
        self.settle();
        // Saying it twice does no harm.
        self.session.handled(self.now, id);
    }

    pub(super) fn commit(&mut self) {
        for (id, entry) in &self.held {
            assert_eq!(self.session.is_next(*id), *entry == self.settled);
        }
        if self.held.is_empty() {
            return;
        }
        self.count("commit");
        let (id, entry) = self.held.remove(0);
        assert_eq!(entry, self.settled);
        let token = self.entries[entry].token.unwrap();
        self.durable = Some((entry + 1, token));
        self.committed = Some(entry);
        self.session.committed(self.now, id);
        self.entries[entry].done = true;
        self.settle();
        self.committed = None;
        self.keep(entry + 1);
    }

    /// Takes in what is handled without a gap: the application's journal is complete and in order.
    pub(super) fn settle(&mut self) {
        while let Some(entry) = self.entries.get(self.settled).filter(|entry| entry.done) {
            let moved = entry.token.is_some() && entry.token != self.position();
            if moved || !entry.logs.is_empty() {
                self.attempts = 0;
                self.delay = None;
            }
            if let Some(logs) = entry.rollback {
                self.journal.retain(|log| log.number < logs);
                self.journal_end = logs;
                self.handled_bounded = self.extended;
            }
            for log in &entry.logs {
                let next = next_match(self.journal_end);
                assert_eq!(log.number, next, "the journal has a gap");
                self.journal.push(*log);
                self.journal_end = log.number + 1;
                self.handled_bounded = true;
            }
            self.expected.events_handled += entry.logs.len() as u64;
            // What moves the position nowhere waits for nothing but what is before it.
            let nowhere = entry.token.is_none() || entry.token == self.position();
            self.settled += 1;
            let kept = self
                .committed
                .is_some_and(|entry| entry + 1 == self.settled);
            if kept || (nowhere && self.released + 1 == self.settled) {
                self.release(self.settled);
            }
        }
        if !self.store {
            self.keep(self.settled);
        }
        self.keep_the_same();
    }

    pub(super) fn position(&self) -> Option<Token> {
        self.token_of(self.settled)
    }

    pub(super) fn token_of(&self, entries: usize) -> Option<Token> {
        let last = self.entries[..entries]
            .iter()
            .rev()
            .find_map(|entry| entry.token);
        last.or(self.start)
    }

    /// So many entries are kept, as far as the session knows: their batches are to be acknowledged.
    fn release(&mut self, settled: usize) {
        while self.released < settled {
            let entry = &self.entries[self.released];
            self.due.push(entry.batch.as_deref(), entry.token);
            self.released += 1;
        }
    }

    pub(super) fn keep(&mut self, settled: usize) {
        self.release(settled);
        while self.kept < settled {
            let entry = &self.entries[self.kept];
            self.allowed
                .extend(entry.token.into_iter().chain(entry.end));
            self.kept += 1;
        }
        self.keep_the_same();
    }

    /// What moves the position nowhere needs no checkpoint.
    pub(super) fn keep_the_same(&mut self) {
        while self.kept < self.settled {
            let entry = &self.entries[self.kept];
            if entry.token.is_some() && entry.token != self.token_of(self.kept) {
                break;
            }
            self.allowed.extend(entry.end);
            self.kept += 1;
        }
    }

    pub(super) fn checkpoint(&mut self) {
        let Some(checkpoint) = self.session.due_checkpoint() else {
            assert_eq!(self.token_of(self.kept), self.position());
            return;
        };
        assert_eq!(Some(Token::parse(checkpoint.token())), self.position());
        self.count("checkpoint");
        self.writing.push(Writing {
            checkpoint,
            settled: self.settled,
        });
    }

    pub(super) fn save(&mut self, which: usize, heard: bool) {
        if self.writing.is_empty() {
            return;
        }
        let which = which % self.writing.len();
        let Writing {
            checkpoint,
            settled,
        } = self.writing.remove(which);
        // The store itself does not go back.
        if self.durable.is_none_or(|(before, _)| before <= settled) {
            self.durable = Some((settled, Token::parse(checkpoint.token())));
        }
        if !heard {
            return self.count("save unheard");
        }
        self.count(if settled == self.settled {
            "save"
        } else {
            "save late"
        });
        self.session.checkpointed(self.now, &checkpoint);
        self.session.checkpointed(self.now, &checkpoint);
        if self.store {
            self.keep(settled);
        }
    }
}
