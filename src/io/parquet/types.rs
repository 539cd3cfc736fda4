//! Types of Parquet columns: as which plain numbers they are read, and what is made of those.

use chrono::DateTime;
use polars::prelude::{Column, NamedFrom, Series};
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::parquet::schema::types::{
    IntegerType, ParquetType, PhysicalType, PrimitiveConvertedType as Converted,
    PrimitiveLogicalType as Logical, PrimitiveType, TimeUnit,
};

/// What the plain numbers of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Themselves.
    Plain,
    /// Days since 1970.
    Date,
    /// Ticks since midnight, so many a second.
    Time(i64),
    /// Ticks since 1970, so many a second.
    Moment(i64),
    /// Units of a decimal place.
    Decimal(i32),
}

/// The column as polars reads it here, and what its numbers mean; `None` for what has no place in a table of numbers and texts:
/// lists, structs, maps, long decimals.
pub(super) fn plain(field: &ParquetType) -> Option<(ParquetType, Meaning)> {
    let ParquetType::PrimitiveType(given) = field else { return None };
    if given.field_info.repetition == Repetition::Repeated {
        return None;
    }
    let meaning = match (given.physical_type, meaning_of(given)?) {
        (
            PhysicalType::Boolean | PhysicalType::Float | PhysicalType::Double | PhysicalType::ByteArray,
            Meaning::Plain,
        ) => {
            return Some((field.clone(), Meaning::Plain));
        }
        (PhysicalType::Int32 | PhysicalType::Int64, meaning) => meaning,
        _ => return None,
    };
    let mut read = given.clone();
    let is_wide = matches!(
        given.logical_type,
        Some(Logical::Integer(
            IntegerType::UInt32 | IntegerType::UInt64 | IntegerType::Int32 | IntegerType::Int64
        ))
    ) || matches!(given.converted_type, Some(Converted::Uint32 | Converted::Uint64));
    if !is_wide {
        (read.logical_type, read.converted_type) = (None, None);
    }
    Some((ParquetType::PrimitiveType(read), meaning))
}

fn meaning_of(column: &PrimitiveType) -> Option<Meaning> {
    let per_second = |unit: TimeUnit| match unit {
        TimeUnit::Milliseconds => 1_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Nanoseconds => 1_000_000_000,
    };
    Some(match (column.logical_type, column.converted_type) {
        (Some(Logical::Date), _) | (None, Some(Converted::Date)) => Meaning::Date,
        (Some(Logical::Time { unit, .. }), _) => Meaning::Time(per_second(unit)),
        (None, Some(Converted::TimeMillis)) => Meaning::Time(1_000),
        (None, Some(Converted::TimeMicros)) => Meaning::Time(1_000_000),
        (Some(Logical::Timestamp { unit, .. }), _) => Meaning::Moment(per_second(unit)),
        (None, Some(Converted::TimestampMillis)) => Meaning::Moment(1_000),
        (None, Some(Converted::TimestampMicros)) => Meaning::Moment(1_000_000),
        (Some(Logical::Decimal(_, scale)), _) | (None, Some(Converted::Decimal(_, scale))) => {
            Meaning::Decimal(i32::try_from(scale).ok()?)
        }
        (Some(Logical::Uuid | Logical::Float16 | Logical::Unknown), _) => return None,
        _ => Meaning::Plain,
    })
}

/// The values that plain numbers stand for: dates and times as ISO 8601 writes them, decimals as numbers.
pub(super) fn with_meaning(column: &Column, meaning: Meaning) -> Column {
    let whole = |row: usize| column.get(row).ok().and_then(|value| value.extract::<i64>());
    let rows = 0..column.len();
    let texts = |text: &dyn Fn(i64) -> Option<String>| -> Column {
        let texts: Vec<Option<String>> = rows.clone().map(|row| whole(row).and_then(text)).collect();
        Series::new(column.name().clone(), texts).into()
    };
    const DAY_S: i64 = 86_400;
    let moment = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    match meaning {
        Meaning::Plain => column.clone(),
        Meaning::Date => texts(&|day| Some(moment(day.checked_mul(DAY_S)?)?.format("%F").to_string())),
        Meaning::Time(ticks) => {
            texts(&|value| Some(moment(value.div_euclid(ticks))?.format("%T").to_string()))
        }
        Meaning::Moment(ticks) => {
            texts(&|value| Some(moment(value.div_euclid(ticks))?.format("%FT%T").to_string()))
        }
        Meaning::Decimal(scale) => {
            let unit = 10_f64.powi(scale);
            let numbers: Vec<Option<f64>> =
                rows.clone().map(|row| whole(row).map(|value| value as f64 / unit)).collect();
            Series::new(column.name().clone(), numbers).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_dates_times_and_decimals() {
        let column: Column = Series::new("a".into(), vec![Some(19_000_i64), None, Some(-1)]).into();
        let text = |meaning| -> Vec<Option<String>> {
            let column = with_meaning(&column, meaning);
            column.str().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
        };
        let texts = |all: [Option<&str>; 3]| all.map(|text| text.map(str::to_owned)).to_vec();
        // Python: datetime.date(1970, 1, 1) + datetime.timedelta(19000), and so on.
        assert_eq!(text(Meaning::Date), texts([Some("2022-01-08"), None, Some("1969-12-31")]));
        let moments = texts([Some("1970-01-01T00:00:19"), None, Some("1969-12-31T23:59:59")]);
        assert_eq!(text(Meaning::Moment(1_000)), moments);
        assert_eq!(text(Meaning::Time(1))[0].as_deref(), Some("05:16:40"));
        let decimals = with_meaning(&column, Meaning::Decimal(2));
        assert_eq!(decimals.f64().unwrap().iter().collect::<Vec<_>>(), [Some(190.0), None, Some(-0.01)]);
    }
}
