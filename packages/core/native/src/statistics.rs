// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! zenoh's statistics, in the one form that zenoh gives them out: the text format of Prometheus.

use zenoh::internal::runtime::Runtime;

/// Which transports are counted.
#[derive(Clone, Copy, PartialEq)]
pub enum Transports {
    /// Those that stand, each by itself.
    Each,
    /// All that ever stood, together.
    Ever,
}

/// Gives each counter to `hear`. Takes 20 to 40 microseconds. What zenoh cannot write has no counters.
pub fn read(runtime: &Runtime, transports: Transports, hear: impl FnMut(Counter<'_>)) {
    let mut text = String::with_capacity(32 * 1024);
    let (each, ever) = (transports == Transports::Each, transports == Transports::Ever);
    if runtime.stats().encode_metrics(&mut text, each, false, ever, false).is_ok() {
        text.lines().filter_map(Counter::read).for_each(hear);
    }
}

/// A line of the text: what is counted, of which kind, and how much.
pub struct Counter<'a> {
    pub name: &'a str,
    labels: &'a str,
    value: &'a str,
}

impl<'a> Counter<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (name, rest) = line.split_once('{')?;
        let (labels, value) = rest.rsplit_once('}')?;
        Some(Self { name, labels, value })
    }

    pub fn label(&self, name: &str) -> Option<&'a str> {
        let mut labels = self.labels.split(',');
        labels.find_map(|label| label.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"'))
    }

    /// Sums are written with a decimal point.
    pub fn value(&self) -> Option<u64> {
        Some(self.value.trim().parse::<f64>().ok()? as u64)
    }
}
