//! An assessment as a folder of files: the one place that says which.

use crate::assessment::equity_table;
use crate::io::{About, ColumnNote, PROVENANCE, Provenance, ResultsFolder, save_results};
use crate::{Assessment, Result, StudyArea, report};

/// Writes the tables of an assessment with what their columns mean, its layers, the summary, the report, what it was made from,
/// and for each of `maps`, columns of the neighbourhoods, `map_COLUMN.svg`. Returns the summary.
///
/// # Errors
/// Those of [`save_results`]; [`crate::ErrorKind::Column`] if one of `maps` is no column of the neighbourhoods. Then nothing has
/// changed.
pub fn save(
    folder: &ResultsFolder<'_>,
    study: &StudyArea,
    assessment: &Assessment,
    maps: &[String],
) -> Result<String> {
    let summary = report::summary(study, assessment);
    let provenance = Provenance::of(study)?.to_json()?;
    let columns = assessment.columns()?.into_iter().map(|(table, name, known)| ColumnNote {
        table: table.to_owned(),
        name,
        label: known.label,
        meaning: known.meaning,
    });
    let about = About::new(provenance.clone(), columns.collect());
    let mut texts = vec![
        ("summary.md".to_owned(), summary.clone()),
        ("report.html".to_owned(), report::html(study, assessment)?),
        (PROVENANCE.to_owned(), provenance),
    ];
    for column in maps {
        texts.push((format!("map_{column}.svg"), report::map_svg(study, assessment, column)?));
    }
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let equity = equity_table(&assessment.equity, assessment.weight)?;
    let (neighbourhoods, homes) = (assessment.neighbourhoods().features(), assessment.homes().features());
    let columns = assessment.columns_table()?;
    let layers = assessment.layers().iter().map(|(name, layer)| (*name, layer.features()));
    let layers: Vec<_> = layers.chain([("columns", &columns)]).collect();
    save_results(folder, neighbourhoods, homes, equity.features(), &layers, &texts, &about)?;
    Ok(summary)
}
