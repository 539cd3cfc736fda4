//! Districts: everything that is summed up from homes, for a second level of boundaries, and who is worst off in each.

use super::access::ON_FOOT;
use super::population::{COUNTED, ID, NAME};
use super::service_isolation::{ISOLATION, ISOLATION_OF, LACKING, SERVICE_ISOLATION, share_isolated};
use crate::measure::groups::hidden_counts;
use crate::measure::prelude::*;
use crate::scores::service_isolation::LACKING_AT_LEAST;
use crate::spatial::small_counts::is_small;
use geo::Geometry;

/// Scores rolled up to districts.
pub(crate) static DISTRICTS: Measure = Measure {
    name: "districts",
    title: "districts",
    needs: &[Need::Measure("access"), Need::Measure("service_isolation")],
    method: "Each neighbourhood belongs whole to the district that holds the largest part of its area. Every column that sums up \
             homes is summed up again over the homes of a district, by the same rule and weights; per district also how many lack \
             each essential, and its worst-off neighbourhoods and group.",
    source: "the study",
    columns: &[
        &ID,
        &NAME,
        &NEIGHBOURHOODS,
        &COUNTED,
        &WITHOUT,
        &WORST_PLACES,
        &WORST_GROUP,
        &WORST_GROUP_SHARE,
    ],
    run,
};

/// The layer of districts.
pub(crate) const LAYER: &str = "districts";

/// How many neighbourhoods belong to it.
pub(crate) static NEIGHBOURHOODS: ColumnSpec =
    ColumnSpec::new("neighbourhoods", Theme::People, Unit::Count, Scale::Neutral)
        .label("Neighbourhoods")
        .means("How many neighbourhoods have the largest part of their area in the district.");
/// How many lack an essential.
pub(crate) static WITHOUT: ColumnSpec = ColumnSpec::new(
    "{residents}_lacking_{of}",
    Theme::Isolation,
    Unit::Count,
    Scale::MoreIsWorse,
)
.label("{Residents} without {some} nearby")
.means("How many of the {residents} are without {some} within 15 minutes' walk; empty where they are few.")
.does_not_mean(ON_FOOT);
/// Its neighbourhoods with the largest shares isolated.
pub(crate) static WORST_PLACES: ColumnSpec =
    ColumnSpec::new("worst_off_neighbourhoods", Theme::Isolation, Unit::Prose, Scale::Classes)
        .label("Worst-off neighbourhoods")
        .means(
            "The three with the largest share of {residents} without two or more of the essentials, among those with 100 or \
             more.",
        );
/// Its group with the largest share isolated.
pub(crate) static WORST_GROUP: ColumnSpec =
    ColumnSpec::words("worst_off_group", Theme::Isolation).label("Worst-off group").means(
        "The group with the largest share without two or more of the essentials; small groups are left out.",
    );
/// How large that share is.
pub(crate) static WORST_GROUP_SHARE: ColumnSpec =
    ColumnSpec::new("worst_off_group_isolation", Theme::Isolation, Unit::Share, Scale::MoreIsWorse)
        .label("Service isolation of the worst-off group")
        .means("Share of the worst-off group without two or more of the essentials within 15 minutes' walk.")
        .does_not_mean(ON_FOOT);

/// Neighbourhoods named for each district.
const NAMED: usize = 3;
/// Neighbourhoods where fewer live are not named: an airport or a park is nobody's worst quarter.
const FEW_RESIDENTS: f64 = 100.0;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let study = context.study;
    let mut found = Outcome::default();
    if study.districts.is_empty() {
        return Ok(found);
    }
    let districts = Districts::of(context);
    let mut own = Columns::default();
    own.add(&ID, study.districts.iter().map(|one| Some(one.id.clone())).collect::<Vec<_>>());
    own.add(&NAME, study.districts.iter().map(|one| Some(one.name.clone())).collect::<Vec<_>>());
    let count = study.districts.iter().map(|one| Some(one.neighbourhoods.len() as u32));
    own.add(&NEIGHBOURHOODS, count.collect::<Vec<_>>());
    own.add(&COUNTED, districts.everywhere.totals().into_iter().map(Some).collect::<Vec<_>>());
    let mut isolation = Columns::default();
    districts.by_essential(&mut own, &mut isolation);
    if context.essentials.len() > LACKING_AT_LEAST {
        let all = districts.on_streets.each(|homes| share_isolated(context, homes, &study.homes.weights));
        isolation.add(&ISOLATION, all);
        own.add(&WORST_PLACES, districts.worst_places());
        districts.by_group(&mut own, &mut isolation)?;
    }
    let mut others = isolation.of_measure(SERVICE_ISOLATION.name);
    others.append(context.summed_up_by(&districts.on_streets));
    let shapes = study.districts.iter().map(|one| Geometry::from(one.shape.clone())).collect();
    found.layer_with(LAYER, own, others, Some(shapes));
    Ok(found)
}

/// Homes by district.
struct Districts<'c, 's> {
    context: &'c Context<'s>,
    /// All of them.
    everywhere: ByArea<'s>,
    /// Those on a street, which count in what is reached.
    on_streets: ByArea<'s>,
}

impl<'c, 's> Districts<'c, 's> {
    fn of(context: &'c Context<'s>) -> Self {
        let study = context.study;
        let mut of_neighbourhood = vec![None; study.neighbourhoods.len()];
        for (number, district) in (0_u32..).zip(&study.districts) {
            for &neighbourhood in &district.neighbourhoods {
                of_neighbourhood[neighbourhood as usize] = Some(number);
            }
        }
        let homes = &study.homes;
        let of_home: Vec<Option<u32>> =
            homes.neighbourhoods.iter().map(|one| of_neighbourhood[(*one)? as usize]).collect();
        let (count, weights) = (study.districts.len(), &homes.weights[..]);
        Self {
            context,
            everywhere: ByArea::new(&of_home, count, weights, |_| true),
            on_streets: ByArea::new(&of_home, count, weights, |home| context.access[home].is_some()),
        }
    }

    /// The share without each essential, and how many they are.
    fn by_essential(&self, own: &mut Columns, isolation: &mut Columns) {
        let totals = self.on_streets.totals();
        for (number, essential) in self.context.essentials.iter().enumerate() {
            let lacks = |home: usize| self.context.lacks[home].as_ref().is_some_and(|lacks| lacks[number]);
            let shares = self.on_streets.share(lacks);
            let people = shares.iter().zip(&totals).map(|(share, all)| Some((*share)? * all));
            let people = people.map(|people| people.filter(|people| !is_small(*people)));
            own.add_of(&WITHOUT, Subject::essential(essential), people.collect::<Vec<_>>());
            isolation.add_of(&LACKING, Subject::essential(essential), shares);
        }
    }

    /// The worst-off neighbourhoods of each district in words.
    fn worst_places(&self) -> Vec<Option<String>> {
        let study = self.context.study;
        let isolated = self.context.earlier(&ISOLATION, &Subject::NONE).unwrap_or_default();
        let residents = self.context.homes.totals();
        let of_district = |members: &[u32]| {
            let mut ranked: Vec<(f64, usize)> = members
                .iter()
                .map(|&one| one as usize)
                .filter(|&one| residents[one] >= FEW_RESIDENTS)
                .filter_map(|one| Some((isolated.get(one).copied().flatten()?, one)))
                .filter(|(share, _)| *share > 0.0)
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let said = |&(share, one): &(f64, usize)| {
                format!("{} ({:.0} %)", study.neighbourhoods[one].name, 100.0 * share)
            };
            let said: Vec<String> = ranked.iter().take(NAMED).map(said).collect();
            (!said.is_empty()).then(|| said.join("; "))
        };
        study.districts.iter().map(|one| of_district(&one.neighbourhoods)).collect()
    }

    /// The share of each group that is isolated, where no small count follows from it, and the group with the largest.
    fn by_group(&self, own: &mut Columns, isolation: &mut Columns) -> Result<()> {
        let (context, groups) = (self.context, &self.context.study.homes.groups);
        let members: Vec<Vec<f64>> = groups.iter().map(|group| self.everywhere.sums(&group.counts)).collect();
        let hidden = hidden_counts(&members, &self.everywhere.totals(), &context.groups.apart)?;
        let mut worst: Vec<Option<(f64, &str)>> = vec![None; context.study.districts.len()];
        for (number, group) in groups.iter().enumerate() {
            let shares = self.on_streets.each(|homes| share_isolated(context, homes, &group.counts));
            let shown = shares.into_iter().enumerate().map(|(at, share)| {
                // One neighbourhood that is withheld would follow from the others of its district.
                let neighbourhoods = &context.study.districts[at].neighbourhoods;
                let withheld =
                    neighbourhoods.iter().filter(|one| context.groups.is_hidden(number, **one as usize));
                share.filter(|_| !hidden.of_group[number][at] && withheld.count() != 1)
            });
            let shown: Vec<Option<f64>> = shown.collect();
            for (worst, share) in worst.iter_mut().zip(&shown) {
                if let Some(share) = share.filter(|share| worst.is_none_or(|(most, _)| *share > most)) {
                    *worst = Some((share, &group.name));
                }
            }
            isolation.add_of(&ISOLATION_OF, Subject::group(&group.name), shown);
        }
        if !groups.is_empty() {
            let worst = worst.iter().map(|one| one.filter(|(share, _)| *share > 0.0));
            let (names, shares): (Vec<_>, Vec<_>) =
                worst.map(|one| (one.map(|(_, name)| name.to_owned()), one.map(|(share, _)| share))).unzip();
            own.add(&WORST_GROUP, names);
            own.add(&WORST_GROUP_SHARE, shares);
        }
        Ok(())
    }
}
