//! The study of a place, from the first file to the last.

use super::area::{self, Areas, Place};
use super::census::{self, Survey};
use super::fetcher::{self, Failure, Fetcher, Got};
use super::lock;
use super::places;
use super::recipe::{Fields, Per, Recipe, Role};
use super::states::{self, State};
use super::write;
use commonground::io::write_text;
use commonground::{Error, ErrorKind, Result};
use geo::{Geometry, Intersects, Rect};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A study in the making.
pub(crate) struct Making<'a> {
    out: &'a Path,
    pub fetcher: Fetcher<'a>,
    recipes: Vec<Recipe>,
    without: &'a [String],
    /// The tables of the study so far.
    study: String,
    /// What did not come, and what falls away.
    pub missing: Vec<(String, String)>,
    cautions: Vec<String>,
}

impl<'a> Making<'a> {
    /// Nothing is fetched or written yet.
    pub fn new(out: &'a Path, fetcher: Fetcher<'a>, recipes: Vec<Recipe>, without: &'a [String]) -> Self {
        let (study, missing, cautions) = (String::new(), Vec::new(), Vec::new());
        Self { out, fetcher, recipes, without, study, missing, cautions }
    }

    /// Fetches, makes and writes all of it.
    pub fn make(&mut self, name: &str, state: State) -> Result<()> {
        let fields = Fields { state: Some(state), ..Fields::default() };
        let places = self.needed(Role::Place, fields)?;
        let place = area::find(&self.read(&places)?, name, state)?;
        let reach = area::reach(&place.shape)?;
        let counties = self.needed(Role::County, fields)?;
        let counties = area::touching(&self.read(&counties)?, "GEOID", &reach);
        let states: BTreeSet<&str> = counties.iter().filter_map(|county| county.get(..2)).collect();
        let states: Vec<State> = states.into_iter().filter_map(states::by_fips).collect();
        for folder in ["made", "data"] {
            let path = self.out.join(folder);
            std::fs::create_dir_all(&path)
                .map_err(|error| Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display())))?;
        }
        let (ids, shapes) = self.neighbourhoods(&place, fields)?;
        self.streets(&counties, &reach, fields)?;
        self.homes(&shapes, fields)?;
        self.work(&states, &reach)?;
        self.places(&states, fields, &reach)?;
        self.indicators(&ids, fields, state)?;
        self.save(&place, state)
    }

    fn recipes_for(&self, role: Role) -> Vec<Recipe> {
        self.recipes.iter().filter(|recipe| recipe.becomes == role).cloned().collect()
    }

    /// A file that nothing can be made without.
    fn needed(&mut self, role: Role, fields: Fields<'_>) -> Result<Got> {
        let recipes = self.recipes_for(role);
        let recipe = recipes
            .first()
            .ok_or_else(|| Error::new(ErrorKind::Study, format!("no recipe becomes {role:?}")))?;
        let reason = match self.fetcher.get(recipe, fields)? {
            Ok(got) => return Ok(got),
            Err(reason) => reason,
        };
        Err(Error::new(ErrorKind::Io, format!("{}: {reason}", recipe.title)).hint(recipe.without.clone()))
    }

    /// A file that may be missing, which is then said.
    fn wished(&mut self, recipe: &Recipe, fields: Fields<'_>) -> Result<Option<Got>> {
        if self.without.contains(&recipe.name) {
            self.lack(recipe, "it was not wanted (`--without`)", fields);
            return Ok(None);
        }
        match self.fetcher.get(recipe, fields)? {
            Ok(got) => {
                if let (Some(newest), Some(vintage)) = (recipe.years.first(), got.entry.vintage)
                    && *newest != vintage
                {
                    self.caution(format!("{}: {newest} is not there, so it is of {vintage}", recipe.title));
                }
                if let Some(caution) = &recipe.caution {
                    self.caution(format!("{}: {caution}", recipe.title));
                }
                Ok(Some(got))
            }
            Err(reason) => {
                self.lack(recipe, &reason, fields);
                Ok(None)
            }
        }
    }

    fn lack(&mut self, recipe: &Recipe, reason: &str, fields: Fields<'_>) {
        // Of several states or counties, one is a part of the area.
        let (of, in_part) = match (recipe.per, fields.county, fields.state) {
            (Per::County, Some(county), _) => (format!(" of county {county}"), true),
            (Per::Reach, _, Some(state)) => (format!(" of {}", state.name), true),
            (Per::State, _, Some(state)) => (format!(" of {}", state.name), false),
            _ => (String::new(), false),
        };
        let without = if in_part { format!("there, {}", recipe.without) } else { recipe.without.clone() };
        self.missing.push((format!("{}{of} (`{}`): {reason}", recipe.title, recipe.name), without));
    }

    fn caution(&mut self, text: String) {
        if !self.cautions.contains(&text) {
            self.cautions.push(text);
        }
    }

    /// The raw file in the folder of the study, under the name that its publisher gives it.
    fn raw(&self, got: &Got, name: Option<&str>) -> Result<PathBuf> {
        let last = got.entry.url.rsplit('/').next().unwrap_or_default();
        let plain = |letter: char| {
            if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' }
        };
        let name: String = name.unwrap_or(last).chars().map(plain).collect();
        let folder = self.out.join("data").join(&got.entry.recipe);
        let path = folder.join(name);
        let made = std::fs::create_dir_all(&folder).and_then(|()| {
            let _ = std::fs::remove_file(&path);
            std::fs::hard_link(&got.path, &path).or_else(|_| std::fs::copy(&got.path, &path).map(drop))
        });
        made.map_err(|error| {
            Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display())).hint("is the disk full?")
        })?;
        Ok(path)
    }

    fn read(&self, got: &Got) -> Result<commonground::FeatureTable> {
        area::read(&self.raw(got, None)?)
    }

    /// Adds a table to the study, with its source in a comment.
    fn table(&mut self, source: &str, table: &str) {
        let _ = write!(self.study, "\n# {source}\n{table}");
    }

    fn neighbourhoods(
        &mut self,
        place: &Place,
        fields: Fields<'_>,
    ) -> Result<(Vec<String>, Vec<Geometry<f64>>)> {
        let got = self.needed(Role::Neighbourhoods, fields)?;
        let table = self.read(&got)?;
        let rows = area::inside(&table, &place.shape);
        let (ids, names) = (area::texts(&table, "GEOID"), area::texts(&table, "NAMELSAD"));
        let mut rows: Vec<usize> = rows.into_iter().filter(|row| table.geometries[*row].is_some()).collect();
        rows.sort_by(|a, b| ids[*a].cmp(&ids[*b]));
        if rows.is_empty() {
            return Err(Error::new(ErrorKind::Study, format!("no census tract lies in {}", place.name)));
        }
        let pick = |values: &[String]| rows.iter().map(|row| values[*row].clone()).collect::<Vec<_>>();
        let shapes: Vec<Geometry<f64>> =
            rows.iter().filter_map(|row| table.geometries[*row].clone()).collect();
        let (ids, names) = (pick(&ids), pick(&names));
        let columns = [("id", ids.clone()), ("name", names)];
        write::layer(&self.out.join("made/neighbourhoods.geojson"), shapes.clone(), &columns)?;
        let source = format!("{}, {}: tracts whose middle lies in the place", got.entry.title, year(&got));
        self.table(
            &source,
            "[neighbourhoods]\nfile = \"made/neighbourhoods.geojson\"\nid = \"id\"\nname = \"name\"\n",
        );
        self.caution(
            "census tracts stand in for neighbourhoods: put the city's own layer in their place".into(),
        );
        Ok((ids, shapes))
    }

    fn streets(&mut self, counties: &[String], reach: &Rect<f64>, fields: Fields<'_>) -> Result<()> {
        let area = Geometry::from(reach.to_polygon());
        let mut lines = Vec::new();
        let mut columns = [("name", Vec::new()), ("class", Vec::new())];
        let mut source = String::new();
        for recipe in self.recipes_for(Role::Streets) {
            for county in counties {
                let Some(got) = self.wished(&recipe, Fields { county: Some(county), ..fields })? else {
                    continue;
                };
                let table = self.read(&got)?;
                source = format!("{}, {}", got.entry.title, year(&got));
                let (names, classes) = (area::texts(&table, "FULLNAME"), area::texts(&table, "MTFCC"));
                for (row, line) in table.geometries.into_iter().enumerate() {
                    if let Some(line) = line.filter(|line| line.intersects(&area)) {
                        lines.push(line);
                        columns[0].1.push(names[row].clone());
                        columns[1].1.push(classes[row].clone());
                    }
                }
            }
        }
        if lines.is_empty() {
            return Err(
                Error::new(ErrorKind::Study, "no street came").hint("a study cannot be made without streets")
            );
        }
        write::layer(&self.out.join("made/streets.parquet"), lines, &columns)?;
        let classes = "{ S1100 = \"motorway\", S1200 = \"secondary\", S1400 = \"residential\", S1500 = \"track\", \
                       S1630 = \"motorway_link\", S1640 = \"service\", S1710 = \"pedestrian\", S1720 = \"steps\", \
                       S1730 = \"service\", S1740 = \"service\", S1750 = \"service\", S1780 = \"service\", \
                       S1820 = \"cycleway\", S1830 = \"bridleway\" }";
        let table = format!(
            "[streets]\nfile = \"made/streets.parquet\"\nname = \"name\"\nclass = \"class\"\nclasses = {classes}\n"
        );
        self.table(&source, &table);
        self.caution(
            "TIGER roads have no directions and few paths, and may join where a bridge passes over a road"
                .into(),
        );
        Ok(())
    }

    fn homes(&mut self, shapes: &[Geometry<f64>], fields: Fields<'_>) -> Result<()> {
        let areas = Areas::new(shapes.iter());
        for recipe in self.recipes_for(Role::Homes) {
            let Some(got) = self.wished(&recipe, fields)? else { continue };
            let blocks = census::blocks(&self.raw(&got, None)?, &areas)?;
            if blocks.is_empty() {
                self.lack(&recipe, "none of its blocks with residents lies in the place", fields);
                continue;
            }
            write::homes(&self.out.join("made/homes.csv"), &blocks)?;
            let groups: Vec<String> =
                census::GROUPS.iter().map(|(name, _)| format!("{name} = \"{name}\"")).collect();
            let source = format!(
                "{}, blocks with residents, at their internal point. Nobody is in two groups.",
                got.entry.title
            );
            let table = format!(
                "[homes]\nfile = \"made/homes.csv\"\ncrs = \"EPSG:4326\"\nid = \"id\"\nresidents = \"residents\"\ngroups = {{ {} }}\n",
                groups.join(", ")
            );
            self.table(&source, &table);
            self.caution(
                "2020 census blocks: counts of single blocks carry noise by law; sums of many are sound"
                    .into(),
            );
        }
        Ok(())
    }

    fn work(&mut self, states: &[State], reach: &Rect<f64>) -> Result<()> {
        let (jobs, crosswalks) = (self.recipes_for(Role::Jobs), self.recipes_for(Role::JobPlaces));
        let (Some(jobs), Some(crosswalk)) = (jobs.first(), crosswalks.first()) else { return Ok(()) };
        let mut work = Vec::new();
        let mut source = BTreeSet::new();
        for state in states {
            let fields = Fields { state: Some(*state), ..Fields::default() };
            let Some(counts) = self.wished(jobs, fields)? else { continue };
            let Some(places) = self.wished(crosswalk, fields)? else { continue };
            work.extend(census::work(&self.raw(&counts, None)?, &self.raw(&places, None)?, reach)?);
            source.insert(format!("{}, {}, {}", counts.entry.title, state.name, year(&counts)));
        }
        if work.is_empty() {
            return Ok(());
        }
        write::jobs(&self.out.join("made/jobs.csv"), &work)?;
        let source = source.into_iter().collect::<Vec<_>>().join("; ");
        self.table(
            &source,
            "[jobs]\nfile = \"made/jobs.csv\"\ncrs = \"EPSG:4326\"\nid = \"id\"\njobs = \"jobs\"\nclasses = { low_pay = \"low_pay\" }\n",
        );
        Ok(())
    }

    fn places(&mut self, states: &[State], fields: Fields<'_>, reach: &Rect<f64>) -> Result<()> {
        let mut given = BTreeSet::new();
        for recipe in self.recipes_for(Role::Services) {
            let mut services = Vec::new();
            let mut vintage = String::new();
            for got in self.tables_of(&recipe, fields, reach)? {
                let name = fetcher::ending(recipe.kind).map(|ending| {
                    let number = &got.entry.sha256[..12];
                    format!("{}-{number}.{ending}", recipe.name)
                });
                vintage = year(&got);
                services.extend(places::services(&recipe, &self.raw(&got, name.as_deref())?, reach)?);
            }
            if services.is_empty() {
                if !self.missing.iter().any(|(what, _)| what.contains(&format!("`{}`", recipe.name))) {
                    self.lack(&recipe, "it has none within an hour's walk", fields);
                }
                continue;
            }
            let file = format!("made/{}.csv", recipe.name);
            write::services(&self.out.join(&file), &services)?;
            let source = format!("{}, {vintage}: {} within an hour's walk", recipe.title, services.len());
            self.table(&source, &service_table(&file));
            given.extend(recipe.category.clone());
        }
        for recipe in self.recipes_for(Role::Extract) {
            for state in states {
                let fields = Fields { state: Some(*state), ..fields };
                self.extract(&recipe, fields, &given, reach)?;
            }
        }
        Ok(())
    }

    /// The file of a source, or all pages of its layer.
    fn tables_of(&mut self, recipe: &Recipe, fields: Fields<'_>, reach: &Rect<f64>) -> Result<Vec<Got>> {
        if !places::is_paged(recipe) {
            return Ok(self.wished(recipe, fields)?.into_iter().collect());
        }
        let mut pages = Vec::new();
        if self.without.contains(&recipe.name) {
            self.lack(recipe, "it was not wanted (`--without`)", fields);
            return Ok(pages);
        }
        loop {
            let url = places::page(recipe, reach, pages.len() * places::PAGE);
            match self.fetcher.file(recipe, &url, None) {
                Ok(got) => {
                    let more = places::has_more(&got.path)?;
                    pages.push(got);
                    if !more {
                        return Ok(pages);
                    }
                }
                Err(Failure::Fatal(error)) => return Err(error),
                Err(Failure::NotThere(reason)) => return self.without_pages(recipe, &url, &reason, fields),
                Err(Failure::Unavailable(error)) => {
                    return self.without_pages(recipe, &url, error.message(), fields);
                }
            }
        }
    }

    /// A layer of which one page is missing is missing as a whole.
    fn without_pages(
        &mut self,
        recipe: &Recipe,
        url: &str,
        reason: &str,
        fields: Fields<'_>,
    ) -> Result<Vec<Got>> {
        self.fetcher.lock.absent.push(lock::Absent { url: url.to_owned(), why: reason.to_owned() });
        self.lack(recipe, reason, fields);
        Ok(Vec::new())
    }

    fn extract(
        &mut self,
        recipe: &Recipe,
        fields: Fields<'_>,
        given: &BTreeSet<String>,
        reach: &Rect<f64>,
    ) -> Result<()> {
        let Some(got) = self.wished(recipe, fields)? else { return Ok(()) };
        let state = fields.state.map(|state| state.letters.to_lowercase()).unwrap_or_default();
        let extract = commonground::io::osm::read_osm(&self.raw(&got, None)?, self.fetcher.progress)?;
        let given: BTreeSet<&str> = given.iter().map(String::as_str).collect();
        let services = places::of_extract(&extract, &given, reach);
        if !services.is_empty() {
            let file = format!("made/{}_{state}_services.csv", recipe.name);
            write::services(&self.out.join(&file), &services)?;
            let counts: Vec<String> =
                places::counted(&services).iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            self.table(&format!("{}: {}", recipe.title, counts.join(", ")), &service_table(&file));
        }
        let area = Geometry::from(reach.to_polygon());
        let mut green: Vec<_> =
            extract.green_spaces.iter().filter(|one| one.shape.intersects(&area)).collect();
        green.sort_by(|a, b| a.id.cmp(&b.id));
        if !green.is_empty() {
            let file = format!("made/{}_{state}_green_space.geojson", recipe.name);
            let columns = [
                ("id", green.iter().map(|one| one.id.clone()).collect()),
                ("name", green.iter().map(|one| one.name.clone().unwrap_or_default()).collect()),
            ];
            let shapes = green.iter().map(|one| Geometry::from(one.shape.clone())).collect();
            write::layer(&self.out.join(&file), shapes, &columns)?;
            self.table(
                &recipe.title,
                &format!("[[green_space]]\nfile = \"{file}\"\nid = \"id\"\nname = \"name\"\n"),
            );
        }
        Ok(())
    }

    fn indicators(&mut self, ids: &[String], fields: Fields<'_>, state: State) -> Result<()> {
        let mut years: BTreeMap<i32, Survey> = BTreeMap::new();
        let mut title = String::new();
        for recipe in self.recipes_for(Role::Indicators) {
            let Some(got) = self.wished(&recipe, fields)? else { continue };
            let survey = years.entry(got.entry.vintage.unwrap_or_default()).or_default();
            survey.read(&self.raw(&got, None)?, &recipe, state.fips)?;
            title = recipe.title.clone();
        }
        for (vintage, survey) in years {
            let known = write::surveyed(ids, &survey);
            if known == 0 {
                self.caution(format!(
                    "{title}, {vintage}: none of the tracts is in it; their boundaries may be of another year"
                ));
                continue;
            }
            let file = format!("made/survey_{vintage}.csv");
            let columns = write::survey(&self.out.join(&file), ids, &survey)?;
            let source = format!("{title}, {} to {vintage}: {}", vintage - 4, columns.join(", "));
            self.table(
                &source,
                &format!("[[indicators]]\nfile = \"{file}\"\nyear = {vintage}\nid = \"id\"\n"),
            );
            self.caution(format!(
                "{title}, {vintage}: {known} of {} tracts; {} figures of {} are withheld or could not be computed, and {} medians mean \
                 \"at least\" or \"at most\"",
                ids.len(),
                survey.missing,
                state.name,
                survey.open_ended
            ));
        }
        self.missing.push((
            "an earlier date of the survey, from files without a key".into(),
            "change over time and gentrification need a second `[[indicators]]` table of another year".into(),
        ));
        Ok(())
    }

    /// Writes what belongs to the study as a whole; `study.toml` comes last.
    fn save(&mut self, place: &Place, state: State) -> Result<()> {
        let full = format!("{}, {}", place.name, state.letters);
        let mut text = format!(
            "# {full} (GEOID {}), by `commonground start` from official sources: sources.lock says which bytes, NOT_FOUND.md what\n\
             # is missing, ATTRIBUTION.md whom to name. data/ holds the files as they came, made/ what was made of them.\n\
             name = {}\n",
            place.geoid,
            toml::Value::String(full.clone())
        );
        let mut seen = BTreeSet::new();
        let mut sources = String::new();
        for entry in &self.fetcher.lock.file {
            let recipe = self.recipes.iter().find(|recipe| recipe.name == entry.recipe);
            if !seen.insert((entry.title.clone(), entry.vintage)) {
                continue;
            }
            let string = |text: &str| toml::Value::String(text.to_owned()).to_string();
            let _ = write!(
                sources,
                "\n[[sources]]\ntitle = {}\nlicence = {}\n",
                string(&entry.title),
                string(&entry.licence)
            );
            if let Some(year) = entry.vintage {
                let _ = writeln!(sources, "year = {year}");
            }
            for (key, value) in [
                ("credit", recipe.and_then(|one| one.credit.as_ref())),
                ("address", recipe.and_then(|one| one.address.as_ref())),
            ] {
                if let Some(value) = value {
                    let _ = writeln!(sources, "{key} = {}", string(value));
                }
            }
        }
        text.push_str(&self.study);
        text.push_str(&sources);
        self.fetcher.lock.file.sort_by(|a, b| (&a.recipe, &a.url).cmp(&(&b.recipe, &b.url)));
        self.fetcher.lock.absent.sort_by(|a, b| a.url.cmp(&b.url));
        write_text(&self.out.join("ATTRIBUTION.md"), &write::attribution(&full, &self.fetcher.lock))?;
        write_text(&self.out.join("NOT_FOUND.md"), &write::not_found(&full, &self.missing, &self.cautions))?;
        write_text(&self.out.join("sources.lock"), &self.fetcher.lock.to_toml()?)?;
        write_text(&self.out.join("study.toml"), &text)
    }
}

fn service_table(file: &str) -> String {
    format!(
        "[[services]]\nfile = \"{file}\"\ncrs = \"EPSG:4326\"\nid = \"id\"\nname = \"name\"\ncategory_column = \"category\"\n"
    )
}

/// The year of a file in words.
fn year(got: &Got) -> String {
    got.entry.vintage.map_or_else(|| format!("as of {}", got.entry.fetched), |year| year.to_string())
}
