//! Column names of the LODES tables of the United States, in words.

/// What a column of a LODES workplace or residence table counts; `None` for a name that is not one of its columns.
///
/// The tables have one row per census block and one column per class of jobs (WAC: at their place of work; RAC: at the home of
/// who holds them). Classes of one letter pair add up to `C000`, but for education, which is counted from 30 years of age.
///
/// # Source
/// U.S. Census Bureau, "LEHD Origin-Destination Employment Statistics (LODES) Dataset Structure", format version 8.
///
/// # Example
/// ```
/// use commonground::model::lodes_meaning;
/// assert_eq!(lodes_meaning("CE01"), Some("jobs that pay $1,250 a month or less"));
/// assert_eq!(lodes_meaning("cns07"), Some("jobs in retail trade (NAICS 44-45)"));
/// assert_eq!(lodes_meaning("jobs"), None);
/// ```
#[must_use]
pub fn lodes_meaning(column: &str) -> Option<&'static str> {
    let is_column = |known: &&(&str, &str)| known.0.eq_ignore_ascii_case(column);
    LODES.iter().find(is_column).map(|(_, meaning)| *meaning)
}

const LODES: [(&str, &str); 41] = [
    ("C000", "all jobs"),
    ("CA01", "jobs of workers aged 29 or younger"),
    ("CA02", "jobs of workers aged 30 to 54"),
    ("CA03", "jobs of workers aged 55 or older"),
    ("CE01", "jobs that pay $1,250 a month or less"),
    ("CE02", "jobs that pay $1,251 to $3,333 a month"),
    ("CE03", "jobs that pay more than $3,333 a month"),
    ("CNS01", "jobs in agriculture, forestry, fishing and hunting (NAICS 11)"),
    ("CNS02", "jobs in mining, quarrying, oil and gas (NAICS 21)"),
    ("CNS03", "jobs in utilities (NAICS 22)"),
    ("CNS04", "jobs in construction (NAICS 23)"),
    ("CNS05", "jobs in manufacturing (NAICS 31-33)"),
    ("CNS06", "jobs in wholesale trade (NAICS 42)"),
    ("CNS07", "jobs in retail trade (NAICS 44-45)"),
    ("CNS08", "jobs in transportation and warehousing (NAICS 48-49)"),
    ("CNS09", "jobs in information (NAICS 51)"),
    ("CNS10", "jobs in finance and insurance (NAICS 52)"),
    ("CNS11", "jobs in real estate, rental and leasing (NAICS 53)"),
    ("CNS12", "jobs in professional, scientific and technical services (NAICS 54)"),
    ("CNS13", "jobs in management of companies and enterprises (NAICS 55)"),
    ("CNS14", "jobs in administrative, support and waste services (NAICS 56)"),
    ("CNS15", "jobs in educational services (NAICS 61)"),
    ("CNS16", "jobs in health care and social assistance (NAICS 62)"),
    ("CNS17", "jobs in arts, entertainment and recreation (NAICS 71)"),
    ("CNS18", "jobs in accommodation and food services (NAICS 72)"),
    ("CNS19", "jobs in other services except public administration (NAICS 81)"),
    ("CNS20", "jobs in public administration (NAICS 92)"),
    ("CR01", "jobs of workers who are white alone"),
    ("CR02", "jobs of workers who are black or African American alone"),
    ("CR03", "jobs of workers who are American Indian or Alaska native alone"),
    ("CR04", "jobs of workers who are Asian alone"),
    ("CR05", "jobs of workers who are native Hawaiian or other Pacific islander alone"),
    ("CR07", "jobs of workers of two or more race groups"),
    ("CT01", "jobs of workers who are not Hispanic or Latino"),
    ("CT02", "jobs of workers who are Hispanic or Latino"),
    ("CD01", "jobs of workers with less than high school, aged 30 or older"),
    ("CD02", "jobs of workers with high school and no college, aged 30 or older"),
    ("CD03", "jobs of workers with some college or an associate degree, aged 30 or older"),
    ("CD04", "jobs of workers with a bachelor's or advanced degree, aged 30 or older"),
    ("CS01", "jobs of men"),
    ("CS02", "jobs of women"),
];
