// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! One client as zenoh sees it: a session of its own, and what it declared there.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use zenoh::{Session, Wait};

use super::backlog::{Backlog, End};
use super::counters::Counters;
use super::declared::Declared;
use super::outgoing::Answer;
use super::pending::Pending;
use super::read::{Malformed, Reader};
use super::request::{header, request, Header};
use crate::fault::{guard, Outcome};

/// How long the end of a client waits for zenoh.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

pub struct Client {
    /// What a ping is answered with.
    pub id: String,
    pub session: Session,
    pub backlog: Arc<Backlog>,
    pub pending: Arc<Pending>,
    pub declared: Declared,
    pub counters: Arc<Counters>,
}

impl Client {
    /// Does what a message asks. Returns why the connection must end, if it must.
    pub fn handle(&mut self, message: Bytes) -> Option<End> {
        let mut reader = Reader::new(message);
        let asked = match header(&mut reader) {
            Ok(asked) => asked,
            Err(malformed) => return Some(self.broken(&malformed)),
        };
        let request = match request(asked.message, &mut reader, &self.counters) {
            Ok(request) => request,
            Err(malformed) => return self.malformed(&asked, &malformed),
        };
        drop(reader);
        // A panic in zenoh costs one request, not the server.
        let outcome = guard(|| self.execute(request));
        self.tell(&asked, outcome);
        None
    }

    fn broken(&self, malformed: &Malformed) -> End {
        self.counters.malformed.add(1);
        End::new(1007, format!("malformed message: {}", malformed.0))
    }

    fn malformed(&self, asked: &Header, malformed: &Malformed) -> Option<End> {
        let Some(sequence) = asked.sequence else { return Some(self.broken(malformed)) };
        self.counters.malformed.add(1);
        self.backlog.refuse(sequence, &format!("malformed message {}: {}", asked.message, malformed.0));
        None
    }

    fn tell(&self, asked: &Header, outcome: Outcome<Answer>) {
        match (asked.sequence, outcome) {
            (Some(sequence), Ok(answer)) => self.backlog.respond(sequence, asked.message, &answer),
            (Some(sequence), Err(fault)) => self.backlog.refuse(sequence, &fault.text),
            (None, Ok(_)) => (),
            (None, Err(_)) => self.counters.failed.add(1),
        }
    }

    /// Ends all that the client declared, at once: others see its liveliness tokens go.
    pub fn close(&mut self) {
        self.pending.end();
        let _ = guard(|| {
            // zenoh lets go of a session only if these went before it. The others go faster with it.
            self.declared.drop_senders();
            // What zenoh can not do in time it goes on with; nobody is there to be told.
            let _ = self.session.close().timeout(CLOSE_LIMIT).wait();
            self.declared.clear();
            Ok(())
        });
    }
}
