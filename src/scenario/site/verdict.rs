//! Whether a rule of a standard holds at a site, by ruler and on foot. What is not known is neither.

use super::Around;
use super::standards::{SiteRule, SiteStandard, Within};
use crate::model::Traveller;

/// Whether a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It does.
    Pass,
    /// It does not.
    Fail,
    /// The study does not know.
    Unknown,
}

impl Verdict {
    /// In a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }

    /// Of several rules that all must hold.
    #[must_use]
    pub fn of_all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().fold(Self::Pass, |so_far, one| match (so_far, one) {
            (Self::Fail, _) | (_, Self::Fail) => Self::Fail,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Pass,
        })
    }
}

/// One rule at one site for one traveller.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RuleVerdict {
    /// Short name of the standard.
    pub standard: String,
    /// The rule, in words.
    pub rule: String,
    /// Who walks.
    pub traveller: Traveller,
    /// As the crow flies.
    pub by_ruler: Verdict,
    /// Along the streets.
    pub on_foot: Verdict,
    /// Metres by ruler to the place that decides.
    pub metres: Option<f64>,
    /// Minutes on foot to the place that decides; `None` if none is within an hour.
    pub minutes: Option<f64>,
    /// In a sentence.
    pub reason: String,
}

impl RuleVerdict {
    /// Whether it passes on paper and fails on foot.
    #[must_use]
    pub fn fails_on_foot_alone(&self) -> bool {
        self.by_ruler == Verdict::Pass && self.on_foot == Verdict::Fail
    }
}

/// What lies around a site.
pub(super) struct Near<'a> {
    pub around: &'a [Around<'a>],
    /// Those of the study.
    pub categories: &'a [String],
    /// Within 15 minutes on foot; `None` if the study has no jobs.
    pub jobs: Option<Option<f64>>,
    pub jobs_by_ruler: f64,
    pub jobs_standard: f64,
    pub minutes_per_metre: f64,
    pub on_street: bool,
}

impl Near<'_> {
    pub(super) fn judge(
        &self,
        standard: &SiteStandard,
        rule: &SiteRule,
        traveller: Traveller,
    ) -> RuleVerdict {
        let verdict = |by_ruler, on_foot, metres, minutes, reason: String| RuleVerdict {
            standard: standard.name.clone(),
            rule: rule.name.clone(),
            traveller,
            by_ruler,
            on_foot,
            metres,
            minutes,
            reason,
        };
        let unknown = |reason: String| verdict(Verdict::Unknown, Verdict::Unknown, None, None, reason);
        let passes = |is: bool| if is { Verdict::Pass } else { Verdict::Fail };
        if rule.jobs {
            let Some(jobs) = self.jobs else { return unknown("the study has no jobs".to_owned()) };
            let enough = self.jobs_standard;
            let on_foot = jobs.map_or(Verdict::Unknown, |jobs| passes(jobs >= enough));
            let here = jobs.map_or("the site is on no street".to_owned(), |jobs| {
                format!("{jobs:.0} jobs within 15 minutes")
            });
            let reason = format!("{here}, {:.0} by ruler; {enough:.0} are enough", self.jobs_by_ruler);
            return verdict(passes(self.jobs_by_ruler >= enough), on_foot, None, None, reason);
        }
        let known: Vec<&String> =
            rule.categories.iter().filter(|one| self.categories.contains(one)).collect();
        if known.is_empty() {
            return unknown(format!("the study has no {}", rule.categories.join(" or ").replace('_', " ")));
        }
        let metres = self.nth(rule, |one| Some(one.metres));
        let minutes = self.nth(rule, |one| one.minutes);
        let (far_metres, far_minutes) = match rule.within {
            Within::Metres(metres) => (metres, metres * self.minutes_per_metre),
            Within::Minutes(minutes) => (minutes / self.minutes_per_metre, minutes),
        };
        let by_ruler = self.soft(passes(metres.is_some_and(|metres| metres <= far_metres)), rule, &known);
        let on_foot = if self.on_street {
            self.soft(passes(minutes.is_some_and(|minutes| minutes <= far_minutes)), rule, &known)
        } else {
            Verdict::Unknown
        };
        let asked = match rule.within {
            Within::Metres(metres) => format!("{metres:.0} m are asked for, {far_minutes:.1} min on foot"),
            Within::Minutes(minutes) => format!("{minutes:.0} min are asked for"),
        };
        let place = if rule.at_least > 1 {
            format!("the {}th place that counts", rule.at_least)
        } else {
            "the nearest".to_owned()
        };
        let by = metres
            .map_or("there is none".to_owned(), |metres| format!("{place} is {metres:.0} m away by ruler"));
        let foot = match (self.on_street, minutes) {
            (false, _) => "the site is on no street".to_owned(),
            (true, Some(minutes)) => format!("{minutes:.1} min on foot"),
            (true, None) => "none is within an hour on foot".to_owned(),
        };
        verdict(by_ruler, on_foot, metres, minutes, format!("{by}, {foot}; {asked}"))
    }

    /// A count that fails while the study lacks some of the categories is not known to fail.
    fn soft(&self, verdict: Verdict, rule: &SiteRule, known: &[&String]) -> Verdict {
        let lacks_some = known.len() < rule.categories.len();
        match verdict {
            Verdict::Fail if rule.at_least > 1 && lacks_some => Verdict::Unknown,
            other => other,
        }
    }

    /// How far the place is with which the rule is met; `None` if there are too few.
    fn nth(&self, rule: &SiteRule, far: impl Fn(&Around<'_>) -> Option<f64>) -> Option<f64> {
        let mut all: Vec<(f64, &str)> = Vec::new();
        for category in &rule.categories {
            let mut of: Vec<f64> =
                self.around.iter().filter(|one| one.category == category).filter_map(&far).collect();
            of.sort_by(f64::total_cmp);
            let more = usize::from(rule.twice.contains(category));
            let most = rule.most_of_a_kind.map_or(usize::MAX, |most| most + more);
            all.extend(of.into_iter().take(most).map(|far| (far, category.as_str())));
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all.get(rule.at_least.max(1) - 1).map(|(far, _)| *far)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near<'a>(around: &'a [Around<'a>], categories: &'a [String]) -> Near<'a> {
        Near {
            around,
            categories,
            jobs: Some(Some(300.0)),
            jobs_by_ruler: 500.0,
            jobs_standard: 400.0,
            minutes_per_metre: 1.0 / 80.0,
            on_street: true,
        }
    }

    #[test]
    fn what_passes_on_paper_may_fail_on_foot_and_what_is_not_known_is_neither() {
        let categories = ["library".to_owned(), "grocery".to_owned()];
        let around = [
            Around { category: "library", metres: 500.0, minutes: Some(25.0) },
            Around { category: "grocery", metres: 300.0, minutes: Some(5.0) },
        ];
        let near = near(&around, &categories);
        let standard = SiteStandard::named("lihtc_california_2017").unwrap();
        let of = |name: &str| {
            let rule = standard.rules.iter().find(|rule| rule.name == name).unwrap();
            near.judge(&standard, rule, Traveller::Adult)
        };
        let library = of("library");
        assert!(
            library.fails_on_foot_alone() && library.reason.contains("500 m away by ruler, 25.0 min on foot")
        );
        assert_eq!((of("grocery").by_ruler, of("grocery").on_foot), (Verdict::Pass, Verdict::Pass));
        assert_eq!(of("pharmacy").on_foot, Verdict::Unknown);
        let five = SiteStandard::named("five_essentials").unwrap();
        let work = near.judge(&five, five.rules.last().unwrap(), Traveller::Adult);
        assert!(work.fails_on_foot_alone());
        // Two of ten services are there, but most categories are not in the study.
        let leed = SiteStandard::named("leed_v2_connectivity").unwrap();
        assert_eq!(near.judge(&leed, &leed.rules[0], Traveller::Adult).by_ruler, Verdict::Unknown);
        assert_eq!(Verdict::of_all([Verdict::Pass, Verdict::Unknown]), Verdict::Unknown);
        assert_eq!(Verdict::of_all([Verdict::Unknown, Verdict::Fail, Verdict::Pass]), Verdict::Fail);
    }
}
