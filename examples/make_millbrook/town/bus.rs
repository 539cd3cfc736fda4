//! The bus: one line from the quarter that river and motorway cut off, past the clinic of Eastgate to the market. It runs every ten
//! minutes until eight in the evening, and on Sundays every hour.

use super::files::write_csv;
use super::ground::Ground;
use commonground::{Error, ErrorKind, Result};
use geo::{Coord, Distance, Euclidean, Point};
use std::path::Path;

/// Name and street corner of each stop, from the quarter to the market.
const STOPS: [(&str, usize, usize); 6] = [
    ("Saltings", 22, 2),
    ("Millrace", 22, 6),
    ("Underhill", 26, 6),
    ("Eastgate Clinic", 25, 12),
    ("Wharf Bridge", 18, 9),
    ("Market", 13, 9),
];
/// Metres a second: 20 km/h, stops included.
const SPEED_M_S: f64 = 20.0 / 3.6;
/// First and last hour, and seconds between departures, of weekdays and Saturdays and of Sundays.
const HOURS: [(&str, &str, &str, u32); 2] =
    [("week", "6:00:00", "20:00:00", 600), ("sunday", "10:00:00", "18:00:00", 3_600)];

pub fn write(ground: &Ground, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Error::new(ErrorKind::Io, format!("cannot make the folder `{}`: {error}", folder.display()))
    })?;
    let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let file = |name: &str| folder.join(name);
    let agency = text(&["Millbrook Buses", "https://example.org", "Europe/London"]);
    write_csv(&file("agency.txt"), "agency_name,agency_url,agency_timezone", [agency].into_iter())?;
    let places: Vec<Coord<f64>> = STOPS.iter().map(|&(_, x, y)| ground.corner(x, y)).collect();
    let stops = STOPS.iter().zip(&places).enumerate().map(|(number, ((name, ..), place))| {
        let place = ground.degrees(*place)?;
        Ok(vec![
            format!("b{}", number + 1),
            (*name).to_owned(),
            format!("{:.7}", place.y),
            format!("{:.7}", place.x),
        ])
    });
    let stops: Vec<Vec<String>> = stops.collect::<Result<_>>()?;
    write_csv(&file("stops.txt"), "stop_id,stop_name,stop_lat,stop_lon", stops.into_iter())?;
    let route = text(&["bus1", "1", "Saltings - Market", "3"]);
    write_csv(
        &file("routes.txt"),
        "route_id,route_short_name,route_long_name,route_type",
        [route].into_iter(),
    )?;
    let days = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date";
    let week = text(&["week", "1", "1", "1", "1", "1", "1", "0", "20240101", "20241231"]);
    let sunday = text(&["sunday", "0", "0", "0", "0", "0", "0", "1", "20240101", "20241231"]);
    write_csv(&file("calendar.txt"), days, [week, sunday].into_iter())?;

    let (mut trips, mut calls, mut headways) = (Vec::new(), Vec::new(), Vec::new());
    for (service, first, last, headway) in HOURS {
        for (direction, goal) in [(0, "Market"), (1, "Saltings")] {
            let trip = format!("{service}{direction}");
            trips.push(vec!["bus1".into(), service.into(), trip.clone(), goal.into(), direction.to_string()]);
            headways.push(vec![trip.clone(), first.into(), last.into(), headway.to_string(), "1".into()]);
            let mut order: Vec<usize> = (0..STOPS.len()).collect();
            if direction == 1 {
                order.reverse();
            }
            let mut passed_m = 0.0;
            for (number, &stop) in order.iter().enumerate() {
                if number > 0 {
                    passed_m +=
                        Euclidean.distance(Point::from(places[order[number - 1]]), Point::from(places[stop]));
                }
                let seconds = (passed_m / SPEED_M_S).round() as u32;
                let time = format!("0:{:02}:{:02}", seconds / 60, seconds % 60);
                calls.push(vec![
                    trip.clone(),
                    time.clone(),
                    time,
                    format!("b{}", stop + 1),
                    number.to_string(),
                ]);
            }
        }
    }
    let head = "route_id,service_id,trip_id,trip_headsign,direction_id";
    write_csv(&file("trips.txt"), head, trips.into_iter())?;
    let head = "trip_id,arrival_time,departure_time,stop_id,stop_sequence";
    write_csv(&file("stop_times.txt"), head, calls.into_iter())?;
    let head = "trip_id,start_time,end_time,headway_secs,exact_times";
    write_csv(&file("frequencies.txt"), head, headways.into_iter())
}
