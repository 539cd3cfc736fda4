//! What is found about a budget: what is owed, what each project is worth, which are chosen, and a plan for each district.

use super::rules::NotAssessed;
use crate::scores::budget_rules::BudgetRule;
use crate::scores::claims::Owed;
use crate::siting::projects::Programme;

/// What a project does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProjectGain {
    /// Its name.
    pub name: String,
    /// What it costs.
    pub cost: f64,
    /// Of all who stay: person-minutes or people gained, less those lost; below 0 it does harm and is not chosen.
    pub benefit: f64,
    /// The same by need: every neighbourhood counts by its need against the mean of all residents.
    pub by_need: f64,
    /// The benefit by neighbourhood.
    pub neighbourhoods: Vec<f64>,
    /// Where the money is spent, by neighbourhood; the sum is the cost, unless nobody lives where it is spent.
    pub spent: Vec<f64>,
    /// The floor that it counts for, by its number among those of the question.
    pub floor: Option<u32>,
}

/// How spending is spread.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Concentration {
    /// What is spent in all.
    pub spent: f64,
    /// Concentration index of spending per head, by need: above 0 where the neediest get more. `None` if nothing is spent.
    pub by_need: Option<f64>,
    /// Gini index of spending per head: 0 where all residents get the same.
    pub gini: Option<f64>,
    /// Herfindahl-Hirschman index of the shares of neighbourhoods in the money: 1 where one gets all.
    pub herfindahl: Option<f64>,
}

/// Chosen projects.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BudgetChoice {
    /// Numbers of the projects, cost, worth and bound, by the aim of the choice.
    pub programme: Programme,
    /// What the projects are worth one by one.
    pub benefit: f64,
    /// The same by need.
    pub by_need: f64,
    /// What they are worth when all are made together, or why that cannot be said.
    pub together: std::result::Result<f64, String>,
    /// Spending of today with them.
    pub concentration: Concentration,
}

/// A question about a budget answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BudgetAnswer {
    /// Residents of each neighbourhood.
    pub people: Vec<f64>,
    /// What it needs; 0 where nobody lives.
    pub need: Vec<f64>,
    /// What it claims; `None` without claims.
    pub claims: Option<Vec<f64>>,
    /// What is spent there today.
    pub spending: Option<Vec<f64>>,
    /// What it is owed by each rule.
    pub owed: Vec<Owed>,
    /// Published rules that were used, in the order in which they stand in `owed`.
    pub published: Vec<BudgetRule>,
    /// Rules that are not assessed, with the reason.
    pub not_assessed: Vec<NotAssessed>,
    /// Best and worst rank over the rules; `None` where nobody lives.
    pub ranks: Vec<Option<(usize, usize)>>,
    /// Agreement of the rules: Kendall's W.
    pub agreement: Option<f64>,
    /// Categories whose walks count.
    pub categories: Vec<String>,
    /// Every project, in the order of the question.
    pub projects: Vec<ProjectGain>,
    /// The projects of greatest benefit within the budget, without floors.
    pub efficient: Option<BudgetChoice>,
    /// The projects of greatest benefit by need, with the floors.
    pub fair: Option<BudgetChoice>,
    /// Pairs of projects that cannot stand beside one another, of which one at most is bought.
    pub conflicts: Vec<(usize, usize)>,
    /// The projects of greatest benefit when they are made together, with the floors, where the question asks for it; its bound is
    /// its benefit if every set was assessed, and infinite else: projects may be worth more together than one by one.
    pub together: Option<BudgetChoice>,
    /// Sets of projects that were assessed as a whole for it.
    pub assessed: usize,
    /// What the floors cost the fair choice, by need; `None` without projects.
    pub price_of_floors: Option<f64>,
    /// Spending of today; `None` where it is not given.
    pub today: Option<Concentration>,
    /// A plan of action for each district, where the study has them.
    pub districts: Districts,
}

/// What a district council could do.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DistrictPlan {
    /// Its name.
    pub name: String,
    /// Its residents.
    pub people: f64,
    /// Share of them without two or more of the essentials nearby; `None` where it is not assessed.
    pub isolated: Option<f64>,
    /// Its worst-off neighbourhoods in words, with that share.
    pub worst_neighbourhoods: Option<String>,
    /// Its worst-off group and that share of it; small groups are left out.
    pub worst_group: Option<(String, f64)>,
    /// The projects that lift its residents most, by number, with what they gain: the two that do, the greater first.
    pub lifted_by: Vec<(usize, f64)>,
    /// What it is owed, per person: the least and the most over the rules; `None` where nobody lives.
    pub owed_per_person: Option<(f64, f64)>,
    /// Its best and worst rank over the rules, by money per person; `None` where nobody lives.
    pub ranks: Option<(usize, usize)>,
    /// What is spent there by the efficient and by the fair choice; `None` without projects.
    pub gets: Option<(f64, f64)>,
}

/// Districts of a study: a plan for each, and what they are owed.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Districts {
    /// In the order of the study; none without districts.
    pub plans: Vec<DistrictPlan>,
    /// What each is owed by each rule: the sum over its neighbourhoods.
    pub owed: Vec<Owed>,
    /// Agreement of the rules on the order of districts: Kendall's W.
    pub agreement: Option<f64>,
}
