//! How far a long step is: a bar per step on a terminal, a line per change for other programs, silence elsewhere.

use super::say::{note, say};
use commonground::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How much the program says, and to whom.
#[derive(clap::Args)]
pub(super) struct Talk {
    /// Say nothing but errors.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Say on standard error what is done and how many seconds each step takes, instead of bars.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Print what was found as one JSON object on standard output, for other programs.
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Show progress as bars on a terminal, or as one JSON object per line on standard error.
    #[arg(long, global = true, value_enum, default_value_t = ShowProgress::Bars)]
    progress: ShowProgress,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ShowProgress {
    Bars,
    Json,
}

static STOP: AtomicBool = AtomicBool::new(false);

/// Asks the step that runs to stop.
pub(super) fn stop() {
    // Files appear whole or not at all, so who asks twice need not wait for the next safe place.
    if STOP.swap(true, Ordering::Relaxed) {
        std::process::exit(super::shared::INTERRUPTED.into());
    }
}

/// How far a long step is, and what came of it.
pub(super) struct Bars {
    /// Whether nothing but errors is said.
    quiet: bool,
    /// Whether what was found is said as JSON.
    json: bool,
    shown: Shown,
    bar: Mutex<ProgressBar>,
    /// Units of the step that are done, its total, and the hundredth that was last said.
    counted: Mutex<(u64, u64, u64)>,
    /// The step that runs, and since when; of those that are said with their seconds.
    step: Mutex<Option<(String, Instant)>>,
}

#[derive(PartialEq, Eq)]
enum Shown {
    Bars,
    Json,
    Seconds,
    Nothing,
}

impl Bars {
    pub(super) fn new(talk: &Talk) -> Self {
        let shown = match talk.progress {
            ShowProgress::Json => Shown::Json,
            ShowProgress::Bars if talk.verbose => Shown::Seconds,
            ShowProgress::Bars if !talk.quiet && std::io::stderr().is_terminal() => Shown::Bars,
            ShowProgress::Bars => Shown::Nothing,
        };
        Self {
            quiet: talk.quiet,
            json: talk.json,
            shown,
            bar: Mutex::new(ProgressBar::hidden()),
            counted: Mutex::default(),
            step: Mutex::default(),
        }
    }

    /// Takes the bar away, for what is printed next; a step that is timed is over.
    pub(super) fn clear(&self) {
        self.with_bar(|bar| bar.finish_and_clear());
        let step = self.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some((step, since)) = step {
            note!("{:8.2} s  {step}", since.elapsed().as_secs_f64());
        }
    }

    /// What came of a command: `text` for people, and on standard error where it went; `facts` for other programs, as an
    /// object with the file or folder `out`.
    pub(super) fn done(&self, text: &str, out: Option<&Path>, mut facts: Value) {
        self.clear();
        if self.json {
            if let (Some(facts), Some(out)) = (facts.as_object_mut(), out) {
                facts.insert("out".into(), json!(out));
            }
            say!("{facts}");
            return;
        }
        if self.quiet {
            return;
        }
        if !text.is_empty() {
            say!("{text}");
        }
        if let Some(out) = out {
            note!("results in {}", out.display());
        }
    }

    fn with_bar(&self, act: impl FnOnce(&mut ProgressBar)) {
        // A panic elsewhere must not hide itself behind a second one here.
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    fn with_count(&self, act: impl FnOnce(&mut (u64, u64, u64))) {
        act(&mut self.counted.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bars {
    fn start(&self, step: &str, total: u64) {
        match self.shown {
            Shown::Nothing => {}
            Shown::Json => {
                self.with_count(|counted| *counted = (0, total, 0));
                note!("{}", json!({ "step": step, "total": total }));
            }
            Shown::Seconds => {
                self.clear();
                *self.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                    Some((step.to_owned(), Instant::now()));
            }
            Shown::Bars => {
                let style = ProgressStyle::with_template("{msg:40} {bar:30} {pos}/{len} {elapsed}")
                    .expect("the template is valid");
                self.with_bar(|bar| {
                    bar.finish_and_clear();
                    *bar = ProgressBar::new(total).with_style(style).with_message(step.to_owned());
                });
            }
        }
    }

    fn advance(&self, units: u64) {
        match self.shown {
            Shown::Nothing | Shown::Seconds => {}
            Shown::Json => self.with_count(|(done, total, said)| {
                *done += units;
                let hundredth = 100 * *done / (*total).max(1);
                if hundredth > *said {
                    *said = hundredth;
                    note!("{}", json!({ "done": *done, "total": *total }));
                }
            }),
            Shown::Bars => self.with_bar(|bar| bar.inc(units)),
        }
    }

    fn is_cancelled(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}
