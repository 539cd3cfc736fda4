//! Prices by year, and the index that comes with the library.

use std::collections::BTreeMap;

/// A price index by year, to bring money to one year.
pub type PriceIndex = BTreeMap<i32, f64>;

/// Consumer prices in the United States by year: CPI-U, all items, city average, annual average, 1982-84 = 100.
///
/// # Source
/// US Bureau of Labor Statistics, series CUUR0000SA0.
///
/// # Example
/// ```
/// let prices = commonground::model::us_cpi_u();
/// // A dollar of 1999 in dollars of 2018.
/// assert_eq!((prices[&2018] / prices[&1999] * 100.0).round(), 151.0);
/// ```
#[must_use]
pub fn us_cpi_u() -> PriceIndex {
    US_CPI_U.into_iter().collect()
}

const US_CPI_U: [(i32, f64); 55] = [
    (1970, 38.8),
    (1971, 40.5),
    (1972, 41.8),
    (1973, 44.4),
    (1974, 49.3),
    (1975, 53.8),
    (1976, 56.9),
    (1977, 60.6),
    (1978, 65.2),
    (1979, 72.6),
    (1980, 82.4),
    (1981, 90.9),
    (1982, 96.5),
    (1983, 99.6),
    (1984, 103.9),
    (1985, 107.6),
    (1986, 109.6),
    (1987, 113.6),
    (1988, 118.3),
    (1989, 124.0),
    (1990, 130.7),
    (1991, 136.2),
    (1992, 140.3),
    (1993, 144.5),
    (1994, 148.2),
    (1995, 152.4),
    (1996, 156.9),
    (1997, 160.5),
    (1998, 163.0),
    (1999, 166.6),
    (2000, 172.2),
    (2001, 177.1),
    (2002, 179.9),
    (2003, 184.0),
    (2004, 188.9),
    (2005, 195.3),
    (2006, 201.6),
    (2007, 207.342),
    (2008, 215.303),
    (2009, 214.537),
    (2010, 218.056),
    (2011, 224.939),
    (2012, 229.594),
    (2013, 232.957),
    (2014, 236.736),
    (2015, 237.017),
    (2016, 240.007),
    (2017, 245.120),
    (2018, 251.107),
    (2019, 255.657),
    (2020, 258.811),
    (2021, 270.970),
    (2022, 292.655),
    (2023, 304.702),
    (2024, 313.689),
];
