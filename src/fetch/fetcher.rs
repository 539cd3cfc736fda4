//! Getting one file: from the cache, a mirror or its publisher, whole or not at all.

use super::cache::{Cache, Part, hash_of};
use super::kinds::{self, Wrong};
use super::lock::{Absent, Entry, Lock};
use super::recipe::{Fields, Kind, Recipe};
use commonground::{Error, ErrorKind, Progress, Result};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use ureq::ResponseExt;
use ureq::tls::{RootCerts, TlsConfig};

/// Whom a server may write to.
const AGENT: &str =
    concat!("commonground/", env!("CARGO_PKG_VERSION"), " (open geospatial library for city planners)");
/// How often a file is asked for before the server is left in peace.
const TRIES: u32 = 5;
/// Longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
const BYTES_PER_MB: u64 = 1_000_000;

/// Where files come from.
pub(crate) enum Mirror {
    Folder(PathBuf),
    /// Without a `/` at its end.
    Address(String),
}

impl Mirror {
    /// A folder, or an address: https, or http on this machine.
    pub fn new(text: &str) -> Result<Self> {
        if text.contains("://") {
            if !text.starts_with("https://") && !is_of_this_machine(text) {
                let message = format!("`{text}` is no mirror");
                return Err(Error::new(ErrorKind::Parameter, message).hint(
                    "a mirror is a folder, an address that begins with https://, or http://127.0.0.1",
                ));
            }
            return Ok(Self::Address(text.trim_end_matches('/').to_owned()));
        }
        let folder = PathBuf::from(text);
        if folder.is_dir() {
            return Ok(Self::Folder(folder));
        }
        Err(Error::new(ErrorKind::Io, format!("there is no folder `{text}`"))
            .hint("the mirror is a folder or an address"))
    }
}

fn is_of_this_machine(url: &str) -> bool {
    let rest = url.strip_prefix("http://").unwrap_or_default();
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    host == "127.0.0.1" || host.strip_prefix("127.0.0.1:").is_some_and(|port| port.parse::<u16>().is_ok())
}

/// How files are fetched.
pub(crate) struct Fetcher<'a> {
    pub cache: Cache,
    pub mirror: Option<Mirror>,
    pub offline: bool,
    /// The bytes that must come.
    pub locked: Option<Lock>,
    /// The first wait before a file is asked for again; each next one is twice as long.
    pub wait: Duration,
    pub progress: &'a dyn Progress,
    /// What was fetched, and what was not there.
    pub lock: Lock,
    pub requests: usize,
}

/// Why a file did not come.
pub(crate) enum Failure {
    /// The server has no such file.
    NotThere(String),
    /// The server has no use for us now: nothing of the study is wrong.
    Unavailable(Error),
    /// All ends here.
    Fatal(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Fatal(error)
    }
}

/// A file, and what is known of it.
pub(crate) struct Got {
    pub entry: Entry,
    pub path: PathBuf,
}

impl Fetcher<'_> {
    /// The newest vintage of a source that is there; `Ok(Err(reason))` where there is none.
    pub fn get(&mut self, recipe: &Recipe, fields: Fields<'_>) -> Result<Result<Got, String>> {
        let years: Vec<Option<i32>> = match fields.year {
            Some(year) => vec![Some(year)],
            None if recipe.years.is_empty() => vec![None],
            None => recipe.years.iter().map(|year| Some(*year)).collect(),
        };
        let mut why = String::new();
        for year in years {
            let url = recipe.address_for(Fields { year, ..fields });
            match self.file(recipe, &url, year) {
                Ok(got) => return Ok(Ok(got)),
                Err(Failure::NotThere(reason)) => {
                    self.absent(&url, &reason);
                    why = reason;
                }
                Err(Failure::Unavailable(error)) => {
                    let reason = error.message().to_owned();
                    self.absent(&url, &reason);
                    return Ok(Err(reason));
                }
                Err(Failure::Fatal(error)) => return Err(error),
            }
        }
        Ok(Err(why))
    }

    fn absent(&mut self, url: &str, why: &str) {
        if self.lock.absent(url).is_none() {
            self.lock.absent.push(Absent { url: url.to_owned(), why: why.to_owned() });
        }
    }

    /// The file of one address.
    pub fn file(&mut self, recipe: &Recipe, url: &str, vintage: Option<i32>) -> Result<Got, Failure> {
        if let Some(entry) = self.lock.entry(url).cloned()
            && let Some(path) = self.cache.bytes_of(&entry.sha256)?
        {
            return Ok(Got { entry, path });
        }
        let wanted = match &self.locked {
            None => None,
            Some(lock) if lock.absent(url).is_some() => {
                let why = lock.absent(url).map(|absent| absent.why.clone()).unwrap_or_default();
                return Err(Failure::NotThere(why));
            }
            Some(lock) => match lock.entry(url) {
                Some(entry) => Some(entry.clone()),
                None => {
                    let message = format!("`{url}` is not in the lock");
                    return Err(Error::new(ErrorKind::Study, message)
                        .hint("the recipes have changed since it was written: start without `--locked`")
                        .into());
                }
            },
        };
        let kept = match &wanted {
            Some(entry) => self.cache.bytes_of(&entry.sha256)?.map(|path| (entry.clone(), path)),
            None => self.cache.find(url)?,
        };
        let (entry, path) = match kept {
            Some((entry, path)) => {
                // The same bytes may be of another recipe's making.
                if let Err(wrong) = kinds::check(&path, recipe.kind, &recipe.header) {
                    return Err(refusal(url, &wrong).into());
                }
                (entry, path)
            }
            None => match self.fetch(recipe, url, vintage, wanted) {
                // The same bytes or an error: what does not come cannot be done without.
                Err(Failure::Unavailable(error)) if self.locked.is_some() => return Err(error.into()),
                Err(Failure::NotThere(reason)) if self.locked.is_some() => {
                    let message = format!("`{url}` is in the lock, and did not come: {reason}");
                    return Err(Error::new(ErrorKind::Io, message).into());
                }
                other => other?,
            },
        };
        self.lock.file.push(entry.clone());
        Ok(Got { entry, path })
    }

    fn fetch(
        &mut self,
        recipe: &Recipe,
        url: &str,
        vintage: Option<i32>,
        wanted: Option<Entry>,
    ) -> Result<(Entry, PathBuf), Failure> {
        if self.offline && !matches!(self.mirror, Some(Mirror::Folder(_))) {
            let message = format!("`{url}` is not in the cache, and `--offline` fetches nothing");
            return Err(Failure::Unavailable(Error::new(ErrorKind::Io, message)));
        }
        let mut part = self.cache.part(url, self.progress)?;
        // Another program may have fetched it while this one waited.
        if wanted.is_none()
            && let Some(found) = self.cache.find(url)?
        {
            let _ = std::fs::remove_file(&part.path);
            return Ok(found);
        }
        let answer = match &self.mirror {
            Some(Mirror::Folder(folder)) => copy(&mirrored(folder, url), &mut part, url)?,
            Some(Mirror::Address(address)) => {
                let there = format!("{address}/{}", url.trim_start_matches("https://"));
                let answer = self.download(recipe, &there, &mut part)?;
                // The publisher's address is what the lock is about.
                Answer { answered: url.to_owned(), ..answer }
            }
            None => self.download(recipe, url, &mut part)?,
        };
        if let Err(wrong) = kinds::check(&part.path, recipe.kind, &recipe.header) {
            part.restart(None)?;
            return Err(Failure::Unavailable(refusal(url, &wrong)));
        }
        let sha256 = hash_of(&part.path)?;
        if let Some(wanted) = wanted.as_ref().filter(|wanted| wanted.sha256 != sha256) {
            part.restart(None)?;
            let message = format!(
                "`{url}` has changed: its sha256 was {} on {}, and is {sha256} now",
                wanted.sha256, wanted.fetched
            );
            return Err(Error::new(ErrorKind::Study, message)
                .hint("the lock asks for the same bytes: a cache or a mirror that still has them serves, `--mirror`")
                .into());
        }
        let entry = wanted.unwrap_or_else(|| Entry {
            recipe: recipe.name.clone(),
            url: url.to_owned(),
            answered: answer.answered,
            etag: answer.etag,
            last_modified: answer.last_modified,
            bytes: part.len(),
            sha256,
            fetched: today(),
            vintage,
            title: recipe.title.clone(),
            licence: recipe.licence.clone(),
        });
        let path = self.cache.keep(part, &entry)?;
        Ok((entry, path))
    }

    /// Asks until the file is whole.
    fn download(&mut self, recipe: &Recipe, url: &str, part: &mut Part) -> Result<Answer, Failure> {
        let agent = agent(url);
        let mut last = String::new();
        for attempt in 0..TRIES {
            if attempt > 0 {
                self.pause(self.wait * 2_u32.pow(attempt - 1))?;
            }
            self.requests += 1;
            match self.ask(recipe, &agent, url, part)? {
                Asked::Whole(answer) => return Ok(answer),
                Asked::Again { why, wait } => {
                    last = why;
                    if let Some(wait) = wait.filter(|_| attempt + 1 < TRIES) {
                        if wait > LONGEST_WAIT {
                            last = format!("the server asks to wait for {} seconds", wait.as_secs());
                            break;
                        }
                        self.pause(wait)?;
                    }
                }
            }
        }
        let message = format!("`{url}` did not come: {last}");
        Err(Failure::Unavailable(
            Error::new(ErrorKind::Io, message).hint("what has come is kept: start again later"),
        ))
    }

    fn pause(&self, wait: Duration) -> Result<()> {
        const STEP: Duration = Duration::from_millis(50);
        let mut left = wait;
        while !left.is_zero() {
            if self.progress.is_cancelled() {
                return Err(Error::cancelled());
            }
            std::thread::sleep(left.min(STEP));
            left = left.saturating_sub(STEP);
        }
        Ok(())
    }

    fn ask(
        &self,
        recipe: &Recipe,
        agent: &ureq::Agent,
        url: &str,
        part: &mut Part,
    ) -> Result<Asked, Failure> {
        let again = |why: String| Ok(Asked::Again { why, wait: None });
        let mut request = agent.get(url).header("Accept-Encoding", "identity");
        let have = part.len();
        let resumed = part.version();
        if let Some(version) = &resumed {
            request = request.header("Range", format!("bytes={have}-")).header("If-Range", version);
        }
        let mut response = match request.call() {
            Ok(response) => response,
            Err(error) => return sent(url, &error),
        };
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (etag, last_modified) = (header("etag"), header("last-modified"));
        let answered = response.get_uri().to_string();
        let number = |name: &str| header(name).and_then(|text| text.parse::<u64>().ok());
        let total = match response.status().as_u16() {
            200 => {
                // A weak tag promises no equal bytes.
                let strong = etag.clone().filter(|tag| !tag.starts_with("W/"));
                part.restart(strong.or_else(|| last_modified.clone()).as_deref())?;
                number("content-length")
            }
            206 => {
                let range = header("content-range").unwrap_or_default();
                let begins =
                    range.strip_prefix("bytes ").and_then(|rest| rest.split('-').next()?.parse::<u64>().ok());
                if resumed.is_none() || begins != Some(have) {
                    part.restart(None)?;
                    return again(format!("the server sent another part than was asked for (`{range}`)"));
                }
                range.rsplit('/').next().and_then(|total| total.parse().ok())
            }
            416 => {
                part.restart(None)?;
                return again("the server has another version now".into());
            }
            404 | 410 => return Err(Failure::NotThere("the publisher has no such file".into())),
            401 | 403 => {
                let message = format!("`{url}` is refused ({})", response.status().as_u16());
                return Err(Failure::Unavailable(Error::new(ErrorKind::Io, message)));
            }
            status @ (429 | 500..=599) => {
                let wait = number("retry-after").map(Duration::from_secs);
                return Ok(Asked::Again { why: format!("the server answered {status}"), wait });
            }
            status => {
                let message = format!("`{url}` was answered with {status}");
                return Err(Failure::Unavailable(Error::new(ErrorKind::Io, message)));
            }
        };
        if !answered.starts_with("https://") && !is_of_this_machine(&answered) {
            let message = format!("`{url}` leads to `{answered}`, which is not encrypted");
            return Err(Failure::Unavailable(Error::new(ErrorKind::Io, message)));
        }
        let most = recipe.max_mb * BYTES_PER_MB;
        let too_large = |bytes: u64| {
            let message =
                format!("`{url}` has {bytes} bytes or more, and the recipe allows {} MB", recipe.max_mb);
            Failure::Unavailable(Error::new(ErrorKind::Io, message))
        };
        if let Some(total) = total.filter(|total| *total > most) {
            part.restart(None)?;
            return Err(too_large(total));
        }
        self.progress.start(
            &format!("fetching {}", recipe.name),
            total.unwrap_or((recipe.about_mb * BYTES_PER_MB as f64) as u64),
        );
        self.progress.advance(part.len());
        let mut body = response.body_mut().with_config().limit(most + 1).reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            if self.progress.is_cancelled() {
                return Err(Error::cancelled().into());
            }
            let count = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) => {
                    return again(format!("the connection broke after {} bytes ({error})", part.len()));
                }
            };
            part.file.write_all(&buffer[..count]).map_err(|error| {
                Error::new(ErrorKind::Io, format!("`{}`: {error}", part.path.display()))
                    .hint("is the disk full?")
            })?;
            self.progress.advance(count as u64);
            if part.len() > most {
                part.restart(None)?;
                return Err(too_large(most));
            }
        }
        match total {
            Some(total) if part.len() < total => again(format!("only {} of {total} bytes came", part.len())),
            Some(total) if part.len() > total => {
                let have = part.len();
                part.restart(None)?;
                again(format!("{have} bytes came, and {total} were promised"))
            }
            _ => Ok(Asked::Whole(Answer { answered, etag, last_modified })),
        }
    }
}

/// What a server says of the file that it sent.
struct Answer {
    answered: String,
    etag: Option<String>,
    last_modified: Option<String>,
}

enum Asked {
    Whole(Answer),
    Again { why: String, wait: Option<Duration> },
}

/// One connection for each host; https and nothing else, but for a mirror on this machine.
fn agent(url: &str) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .https_only(!is_of_this_machine(url))
        .http_status_as_error(false)
        // A mirror on this machine has no reason to send anybody elsewhere.
        .max_redirects(if is_of_this_machine(url) { 0 } else { 5 })
        .max_redirects_will_error(false)
        .max_idle_connections_per_host(1)
        .user_agent(AGENT)
        .timeout_connect(Some(Duration::from_secs(30)))
        .timeout_recv_response(Some(Duration::from_secs(120)))
        .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
        .build();
    config.new_agent()
}

/// What to make of a request that nobody answered.
fn sent(url: &str, error: &ureq::Error) -> Result<Asked, Failure> {
    let said = error.to_string();
    let explained = |message: String, hint: &str| {
        Err(Failure::Unavailable(Error::new(ErrorKind::Io, message).hint(hint.to_owned())))
    };
    match error {
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => explained(
            format!("the certificate of `{url}` is refused: {said}"),
            "in many offices a proxy reads encrypted traffic with a certificate of its own: it must be among those of the system",
        ),
        ureq::Error::HostNotFound => explained(
            format!("`{url}` cannot be reached: there is no network, or no such host"),
            "`--mirror` takes a folder of files, `--offline` what was fetched before; a proxy is named by HTTPS_PROXY",
        ),
        ureq::Error::RequireHttpsOnly(_) => {
            explained(format!("`{url}` leads to an address that is not encrypted"), "it was not fetched")
        }
        _ => Ok(Asked::Again { why: said, wait: None }),
    }
}

fn refusal(url: &str, wrong: &Wrong) -> Error {
    let error = Error::new(ErrorKind::Format, format!("`{url}` is not what it should be: {}", wrong.why));
    if wrong.is_page {
        error.hint("publishers answer so where a file has moved, or a key or an account is asked for; it was not kept")
    } else {
        error.hint("it was not kept")
    }
}

/// Where a mirror keeps the file of an address: `https://host/path?query` is `host/path__query`.
fn mirrored(folder: &Path, url: &str) -> PathBuf {
    let rest = url.trim_start_matches("https://");
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let mut name = path.to_owned();
    if let Some(query) = query {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
        name.push_str("__");
        name.extend(query.chars().map(plain));
    }
    // An address has no part that leads out of the folder: recipes with `..` are refused.
    folder.join(name)
}

fn copy(from: &Path, part: &mut Part, url: &str) -> Result<Answer, Failure> {
    part.restart(None)?;
    let mut file = match std::fs::File::open(from) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Failure::NotThere(format!("the mirror has no `{}`", from.display())));
        }
        Err(error) => return Err(Error::new(ErrorKind::Io, format!("`{}`: {error}", from.display())).into()),
    };
    std::io::copy(&mut file, &mut part.file).map_err(|error| {
        Error::new(ErrorKind::Io, format!("`{}`: {error}", part.path.display())).hint("is the disk full?")
    })?;
    Ok(Answer { answered: url.to_owned(), etag: None, last_modified: None })
}

/// Today, as `2026-11-27`.
fn today() -> String {
    let seconds =
        SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    let day = i64::try_from(seconds).ok().and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    day.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// The ending of a file of a kind, by which it is read.
pub(super) fn ending(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Csv => Some("csv"),
        Kind::Geojson | Kind::Arcgis => Some("geojson"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_is_a_folder_https_or_this_machine() {
        for good in ["https://mirror.example/data/", "http://127.0.0.1:8000", "http://127.0.0.1/m"] {
            assert!(matches!(Mirror::new(good), Ok(Mirror::Address(text)) if !text.ends_with('/')), "{good}");
        }
        for bad in [
            "http://mirror.example",
            "http://127.0.0.1.example",
            "http://127.0.0.1@x",
            "ftp://127.0.0.1",
            "/nowhere",
        ] {
            assert!(Mirror::new(bad).is_err(), "{bad}");
        }
        let folder = Path::new("/m");
        assert_eq!(mirrored(folder, "https://a.b/c/d.zip"), Path::new("/m/a.b/c/d.zip"));
        assert_eq!(mirrored(folder, "https://a.b/c?x=1&y=../2"), Path::new("/m/a.b/c__x_1_y____2"));
    }
}
