//! Many studies in one plan: each is assessed by itself, and one that cannot be read stops no other.

use super::clock::Clock;
use super::order::{MadeBy, Order, StudyOrder};
use super::plan::{Kind, Partition, Plan};
use super::receipt::{Outcome, settled, sum_of};
use crate::io::{self, MANIFEST};
use crate::{Error, ErrorKind, Progress, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Plans an assessment of each of some studies: folders with a `study.toml`, or the files themselves.
///
/// No study is read yet: what is wrong with one is found when its partition is run.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is none; [`ErrorKind::Io`] if the plan cannot be written into `folder`.
pub fn plan_studies(studies: &[PathBuf], data: Option<&Path>, folder: &Path) -> Result<Plan> {
    if studies.is_empty() {
        return Err(Error::new(ErrorKind::Parameter, "a plan needs at least one study"));
    }
    let mut plan = Plan::begin(folder, Kind::Studies, &format!("{} studies", studies.len()))?;
    let mut taken = BTreeSet::new();
    for (number, study) in studies.iter().enumerate() {
        let name = name_of(study, &mut taken);
        // A worker may stand in another folder.
        let whole =
            |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
        let order = StudyOrder {
            made_by: MadeBy::here(),
            number,
            name: name.clone(),
            study: whole(study),
            data: data.map(whole),
        };
        let partition =
            Partition { number, key: String::new(), homes: 1, junctions: 0, cells: 0, study: Some(name) };
        plan.add(&Order::Study(order), partition)?;
    }
    plan.finish()
}

/// The name of a study's folder, made one that no other has.
fn name_of(study: &Path, taken: &mut BTreeSet<String>) -> String {
    let folder =
        if study.extension().is_some_and(|ending| ending == "toml") { study.parent() } else { Some(study) };
    let last = folder.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let name = last.filter(|name| !name.is_empty()).unwrap_or_else(|| "study".into());
    let names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}-{number}")));
    let free =
        names.into_iter().find(|name| !taken.contains(name)).expect("there are more names than studies");
    taken.insert(free.clone());
    free
}

/// Assesses a study and writes its results into a folder of its name.
pub(super) fn assess_study(
    order: &StudyOrder,
    out: &Path,
    clock: &mut Clock,
    progress: &dyn Progress,
) -> Result<Outcome> {
    let path = Path::new(&order.study);
    let read = io::study::read_study(path, order.data.as_deref().map(Path::new), progress);
    // A file that a study names and that is not there is an error of the study, not of this machine.
    let read = read.map_err(|error| match error.kind() {
        ErrorKind::Io => Error::new(ErrorKind::Study, error.to_string()),
        _ => error,
    });
    let study = match settled(read)? {
        Ok(study) => study,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    clock.ends("read");
    let assessment = match settled(crate::assess(&study, progress))? {
        Ok(assessment) => assessment,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    clock.ends("assess");
    let folder = out.join(&order.name);
    let place = io::ResultsFolder { path: &folder, inputs: &study.files, overwrite: false };
    crate::results::save(&place, &study, &assessment, &[])?;
    let mut inputs = BTreeMap::new();
    for file in io::input_files(&study)? {
        let file = std::path::absolute(&file).unwrap_or(file);
        inputs.insert(file.display().to_string(), sum_of(&file)?);
    }
    clock.ends("write");
    let city = assessment.city.iter().map(|record| (record.key.name(assessment.weight), record.value));
    Ok(Outcome::Done {
        file: format!("{}/{MANIFEST}", order.name),
        rows: assessment.homes().features().len(),
        sha256: sum_of(&folder.join(MANIFEST))?,
        inputs,
        city: city.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studies_of_one_name_have_folders_of_their_own() {
        let mut taken = BTreeSet::new();
        let paths = ["a/porto", "b/porto/study.toml", "porto-2", "/"];
        let names: Vec<String> = paths.iter().map(|path| name_of(Path::new(path), &mut taken)).collect();
        assert_eq!(names, ["porto", "porto-2", "porto-2-2", "study"]);
        let folder = tempfile::tempdir().unwrap();
        let none = plan_studies(&[], None, folder.path()).unwrap_err();
        assert_eq!(none.kind(), ErrorKind::Parameter);
    }
}
