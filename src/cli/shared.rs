//! What several commands share: the study that they are about, exit codes, findings as JSON.

use commonground::model::{Finding, Findings};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Study {
    /// Folder with a study.toml, or the file itself.
    pub study: PathBuf,
    /// Folder that the study's paths start from; by default the folder of study.toml.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

/// Exit code when the study cannot be used, as for every failure but a wrong command line (2).
pub(super) const FAILURE: u8 = 1;
/// Exit code after Ctrl-C, as shells expect it.
pub(super) const INTERRUPTED: u8 = 130;

/// Findings for other programs: where, what, and what to do.
pub(super) fn findings_as_json(findings: &Findings) -> Vec<serde_json::Value> {
    let one = |finding: &Finding| {
        let error = &finding.error;
        let position = error.position();
        json!({
            "severity": finding.severity.to_string(),
            "message": error.message(),
            "hint": error.hint_text(),
            "layer": position.layer,
            "row": position.row,
            "id": position.id,
            "column": position.column,
        })
    };
    findings.iter().map(one).collect()
}
