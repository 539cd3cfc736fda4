//! `commonground start`: a study of a place from official sources, from nothing but its name.

use super::bars::{Bars, Talk};
use super::say::say;
use crate::fetch::{
    Cache, Fetcher, Fields, Lock, Making, Mirror, Per, Recipe, State, all_recipes, place_and_state,
};
use commonground::model::{Finding, Severity};
use commonground::{Error, ErrorKind, Result};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

#[derive(clap::Args)]
pub(super) struct StartArguments {
    /// The place and its state: `Newark, NJ`. A GEOID may stand for the name where several places share it.
    #[arg(required_unless_present = "locked")]
    place: Option<String>,
    /// Folder for the study.
    #[arg(long, required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// Fetch nothing: say from whom what would come, how large it is, and under which licence.
    #[arg(long)]
    dry_run: bool,
    /// Make the study from the same bytes as this sources.lock, or say which of them have changed.
    #[arg(long, value_name = "FILE")]
    locked: Option<PathBuf>,
    /// Take files from here instead of their publishers: a folder or an address that holds HOST/PATH of each.
    #[arg(long, value_name = "FOLDER_OR_ADDRESS")]
    mirror: Option<String>,
    /// Use only what was fetched before.
    #[arg(long)]
    offline: bool,
    /// Where fetched files are kept for all studies; by default the cache folder of the user.
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// A source of your own, as TOML; one with the name of a shipped source takes its place. May be given several times.
    #[arg(long, value_name = "FILE")]
    recipe: Vec<PathBuf>,
    /// Sources to do without, by name. May be given several times.
    #[arg(long, value_name = "NAME")]
    without: Vec<String>,
    /// Milliseconds to wait before a file is asked for again; each next wait is twice as long.
    #[arg(long, value_name = "MS", default_value_t = 1000)]
    wait: u64,
    /// Write over a study that is there.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &StartArguments, talk: &Talk, progress: &Bars) -> Result<ExitCode> {
    let locked = arguments.locked.as_deref().map(Lock::read).transpose()?;
    let wanted = match (&arguments.place, &locked) {
        (Some(place), _) => place.clone(),
        (None, Some(lock)) => lock.place.clone(),
        (None, None) => {
            return Err(Error::new(ErrorKind::Parameter, "no place is named").hint("`Newark, NJ`"));
        }
    };
    let (name, state) = place_and_state(&wanted)?;
    let mut recipes = all_recipes(&arguments.recipe)?;
    for unwanted in &arguments.without {
        if !recipes.iter().any(|recipe| recipe.name == *unwanted) {
            let known: Vec<&str> = recipes.iter().map(|recipe| recipe.name.as_str()).collect();
            return Err(Error::new(ErrorKind::Parameter, format!("there is no source `{unwanted}`"))
                .hint(format!("they are {}", known.join(", "))));
        }
    }
    if arguments.dry_run {
        recipes.retain(|recipe| !arguments.without.contains(&recipe.name));
        return Ok(dry_run(&recipes, state, talk));
    }
    let Some(out) = arguments.out.as_deref() else {
        return Err(Error::new(ErrorKind::Parameter, "no folder is named").hint("`--out newark/`"));
    };
    if !arguments.force && out.join("study.toml").symlink_metadata().is_ok() {
        return Err(Error::new(ErrorKind::Io, format!("`{}` holds a study already", out.display()))
            .hint("it was left as it is; `--force` writes over it"));
    }
    let fetcher = Fetcher {
        cache: Cache::open(arguments.cache.as_deref())?,
        mirror: arguments.mirror.as_deref().map(Mirror::new).transpose()?,
        offline: arguments.offline,
        locked,
        wait: Duration::from_millis(arguments.wait),
        progress,
        lock: Lock::new(&wanted),
        requests: 0,
    };
    let mut making = Making::new(out, fetcher, recipes, &arguments.without);
    making.make(&name, state)?;
    let Making { fetcher, missing, .. } = making;
    let (_, findings) = commonground::io::study::check_study(out, None, progress)?;
    progress.clear();
    let errors: Vec<String> = findings.of(Severity::Error).map(Finding::to_string).collect();
    let bytes: u64 = fetcher.lock.file.iter().map(|entry| entry.bytes).sum();
    if talk.json {
        say!(
            "{}",
            json!({ "study": out.join("study.toml"), "files": fetcher.lock.file.len(), "bytes": bytes, "requests": fetcher.requests,
                    "missing": missing.iter().map(|(what, _)| what).collect::<Vec<_>>(), "errors": errors })
        );
    } else if !talk.quiet {
        for (what, falls_away) in &missing {
            say!("missing: {what}; {falls_away}");
        }
        errors.iter().for_each(|error| say!("{error}"));
        say!(
            "`{}` is made from {} files ({:.1} MB, {} requests); `NOT_FOUND.md` says what is missing, `ATTRIBUTION.md` whom to name",
            out.join("study.toml").display(),
            fetcher.lock.file.len(),
            bytes as f64 / 1e6,
            fetcher.requests
        );
    }
    Ok(if errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What would be fetched, as far as that is known before the first file.
fn dry_run(recipes: &[Recipe], state: State, talk: &Talk) -> ExitCode {
    let address = |recipe: &Recipe| {
        recipe.address_for(Fields { state: Some(state), county: None, year: recipe.years.first().copied() })
    };
    if talk.json {
        let sources: Vec<_> = recipes
            .iter()
            .map(|one| json!({ "name": one.name, "title": one.title, "url": address(one), "about_mb": one.about_mb, "licence": one.licence }))
            .collect();
        say!("{}", json!(sources));
        return ExitCode::SUCCESS;
    }
    for recipe in recipes {
        let each = match recipe.per {
            Per::County => " for each county within an hour's walk",
            Per::Reach => " for each state within an hour's walk",
            _ => "",
        };
        say!(
            "{} ({})\n  {}\n  about {} MB{each}; licence: {}",
            recipe.name,
            recipe.title,
            address(recipe),
            recipe.about_mb,
            recipe.licence
        );
    }
    let all: f64 = recipes.iter().map(|recipe| recipe.about_mb).sum();
    say!(
        "about {all:.0} MB, with one county and one state; nothing was fetched, and no address needs a key or an account"
    );
    ExitCode::SUCCESS
}
