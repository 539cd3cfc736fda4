//! Made feeds, one for each trap.

use super::*;
use crate::model::transit::{NONE, TransferKind, Vehicle, Wheelchair, check_date, nearest_dates};
use std::fs;
use std::io::Write as _;

/// Two stops a kilometre and a bit apart, one route, one service of all days of 2024, one trip.
const GOOD: [(&str, &str); 6] = [
    ("agency.txt", "agency_name,agency_url,agency_timezone\nCity,http://x,Europe/Berlin\n"),
    ("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\na,A,50,8.00\nb,B,50,8.01\nc,C,50,8.03\n"),
    ("routes.txt", "route_id,route_short_name,route_type\nr,1,3\n"),
    (
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
         s,1,1,1,1,1,1,1,20240101,20241231\n",
    ),
    ("trips.txt", "route_id,service_id,trip_id\nr,s,t\n"),
    (
        "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
         t,8:00:00,8:00:00,a,1\nt,8:05:00,8:06:00,b,2\nt,8:12:00,8:12:00,c,3\n",
    ),
];

/// The good feed with some files changed, added or (empty) taken away.
fn with(changes: &[(&str, &str)]) -> Result<Feed> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in GOOD.iter().chain(changes) {
        let path = folder.path().join(name);
        if text.is_empty() { fs::remove_file(&path).unwrap() } else { fs::write(&path, text).unwrap() }
    }
    read_feed(folder.path(), FillTimes::AlongShape)
}

fn times(feed: &Feed) -> Vec<(u32, u32)> {
    feed.calls.iter().map(|call| (call.arrival, call.departure)).collect()
}

const HEAD: &str = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n";

#[test]
fn a_clean_feed_has_no_receipts() {
    let feed = with(&[]).unwrap();
    assert!(feed.receipts.is_empty(), "{:?}", feed.receipts);
    assert_eq!(times(&feed), [(28_800, 28_800), (29_100, 29_160), (29_520, 29_520)]);
    assert_eq!((feed.routes[0].vehicle, feed.routes[0].name.as_str()), (Vehicle::Bus, "1"));
    assert_eq!(feed.timezone, Some(chrono_tz::Europe::Berlin));
    let flags: Vec<_> = feed.calls.iter().map(|call| (call.board, call.alight)).collect();
    assert_eq!(flags, [(true, false), (true, true), (false, true)]);
}

/// What makes a feed useless is an error that says so.
#[test]
fn a_feed_without_a_timetable_is_refused() {
    for (changes, kind, words) in [
        (vec![("stop_times.txt", "")], ErrorKind::Format, "`stop_times.txt` is missing"),
        (vec![("stops.txt", "")], ErrorKind::Format, "`stops.txt` is missing"),
        (vec![("calendar.txt", "")], ErrorKind::Format, "no trip has a day"),
        (vec![("stop_times.txt", HEAD)], ErrorKind::Format, "no trip can be used"),
        (vec![("trips.txt", "route_id,service_id,trip_id\n")], ErrorKind::Format, "no trip can be used"),
        (
            vec![("stops.txt", "stop_id,stop_name,lat,stop_lon\na,A,50,8\n")],
            ErrorKind::Column,
            "`stop_lat` is missing",
        ),
        (
            vec![("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id\n")],
            ErrorKind::Column,
            "`stop_sequence`",
        ),
    ] {
        let error = with(&changes).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stops.txt"), b"\xFF\xFEs\0t\0o\0p\0").unwrap();
    let error = read_feed(folder.path(), FillTimes::AlongShape).unwrap_err();
    assert!(error.to_string().contains("UTF-16"), "{error}");
    let error = read_feed(&folder.path().join("stops.txt"), FillTimes::AlongShape).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    let error = read_feed(&folder.path().join("nothing.zip"), FillTimes::AlongShape).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
}

/// Rows that cannot be used are dropped with their line, and the rest is read.
#[test]
fn bad_rows_are_dropped_or_repaired_with_their_line() {
    let other_trip = "u,9:00:00,9:00:00,a,1\nu,9:10:00,9:10:00,b,2\n";
    let trips = ("trips.txt", "route_id,service_id,trip_id\nr,s,t\nr,s,u\n");
    let calls = |rows: &str| format!("{HEAD}{rows}{other_trip}");
    for (rows, line, words, kept_calls) in [
        ("t,8:00:00,8:00:00,a,1\nt,7:00:00,7:00:00,b,2\n", 3, "times run backwards: the trip is dropped", 2),
        (
            "t,8:00:00,8:00:00,a,1\nt,8:05:00,8:05:00,x,2\nt,8:09:00,8:09:00,c,3\n",
            3,
            "unknown stop_id: the call is dropped",
            4,
        ),
        ("t,8:00:00,8:00:00,a,1\n", 2, "a trip with fewer than two calls: dropped", 2),
        ("t,,,a,1\nt,,,b,2\n", 2, "no call has a time: the trip is dropped", 2),
        (
            "t,8:00:00,8:00:00,a,1\nt,8:05:00,8:05:00,b,2\nt,,,c,3\n",
            4,
            "no time at the end of a trip: the call is dropped",
            4,
        ),
        (
            "t,8:00:00,8:00:00,a,1\nt,8 o'clock,,b,2\nt,8:09:00,8:09:00,c,3\n",
            3,
            "a time is not H:MM:SS: taken as blank",
            5,
        ),
        (
            "t,8:00:00,8:00:00,a,one\nt,8:00:00,8:00:00,a,1\nt,8:05:00,8:05:00,b,2\n",
            2,
            "stop_sequence is no whole number: the call is dropped",
            4,
        ),
        (
            "t,8:00:00,8:00:00,a,1\nt,8:05:00,8:04:00,b,2\n",
            3,
            "departs before it arrives: departs when it arrives",
            4,
        ),
        (
            "t,8:00:00,8:00:00,a,1\nt,8:05:00,8:05:00,b,1\n",
            3,
            "stop_sequence stands twice in a trip: in the order of the file",
            4,
        ),
        ("v,8:00:00,8:00:00,a,1\n", 2, "unknown or dropped trip: the row is dropped", 2),
    ] {
        let feed = with(&[trips, ("stop_times.txt", &calls(rows))]).unwrap();
        let quirk = feed.receipts.iter().find(|quirk| quirk.what == words);
        let quirk = quirk.unwrap_or_else(|| panic!("{words}: {:?}", feed.receipts));
        assert_eq!((quirk.file, quirk.lines.first()), ("stop_times.txt", Some(&line)), "{words}");
        assert_eq!(feed.calls.len(), kept_calls, "{words}");
    }
    for (file, text, words) in [
        (
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon\na,A,50,8\nb,B,x,8\nc,C,50,8.03\na,twice,51,9\n,nobody,1,1\n",
            vec![
                "no coordinates: vehicles pass, but nobody boards",
                "a stop is listed twice: the first row counts",
                "a stop without an id: dropped",
            ],
        ),
        (
            "trips.txt",
            "route_id,service_id,trip_id\nr,s,t\nq,s,u\nr,z,v\nr,s,t\nr,s,w\n",
            vec![
                "unknown route_id: the trip is dropped",
                "unknown service_id: the trip never runs and is dropped",
                "a trip is listed twice: the first row counts",
                "a trip without calls: dropped",
            ],
        ),
        (
            "routes.txt",
            "route_id,route_short_name,route_type\nr,1,flying\nr,2,3\n",
            vec![
                "route_type has no meaning: taken as `other`",
                "a route is listed twice: the first row counts",
            ],
        ),
        (
            "calendar_dates.txt",
            "service_id,date,exception_type\ns,2024-05-01,1\ns,20240501,3\ns,20240502,1\ns,20240502,2\n",
            vec![
                "a date is no day: the row is dropped",
                "exception_type is neither 1 nor 2: the row is dropped",
                "a day is both added and taken away: the last row counts",
            ],
        ),
        (
            "agency.txt",
            "agency_name,agency_timezone\nCity,Middle/Earth\n",
            vec!["unknown agency_timezone: days are taken to have 24 hours"],
        ),
        (
            "frequencies.txt",
            "trip_id,start_time,end_time,headway_secs\nt,8:00:00,9:00:00,0\nx,8:00:00,9:00:00,60\nt,9:00:00,8:00:00,60\nt,8:00:00,9:00:00,600\nt,8:30:00,9:30:00,600\n",
            vec![
                "a time or the headway has no meaning: the row is dropped",
                "unknown or dropped trip: the row is dropped",
                "the headway ends before it begins: no departure",
                "headways of one trip overlap: both count",
            ],
        ),
        (
            "transfers.txt",
            "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id\na,x,0,,\na,b,7,,\na,b,4,,\n,,3,,\na,b,2,,\n",
            vec![
                "unknown stop, route or trip: the row is dropped",
                "transfer_type has no meaning: the row is dropped",
                "staying seated needs both trips: the row is dropped",
                "a rule of changing needs both stops: the row is dropped",
                "min_transfer_time is missing: taken as 0",
            ],
        ),
    ] {
        let feed = with(&[(file, text)]).unwrap();
        for what in words {
            assert_eq!(feed.receipts.count(what), 1, "{file}: {what}: {:?}", feed.receipts);
        }
    }
}

#[test]
fn blank_times_follow_the_shape_the_line_or_the_count() {
    // From a past b to c, but by a detour behind b.
    let shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n\
                  w,50,8.00,1\nw,50,8.01,2\nw,50.01,8.05,3\nw,50,8.03,4\n";
    let calls = format!("{HEAD}t,8:00:00,8:00:00,a,1\nt,,,b,2\nt,8:12:00,8:12:00,c,3\n");
    let at_b = |fill, changes: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        let trips = ("trips.txt", "route_id,service_id,trip_id,shape_id\nr,s,t,w\n");
        for (name, text) in GOOD.iter().chain(&[trips, ("stop_times.txt", calls.as_str())]).chain(changes) {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let feed = read_feed(folder.path(), fill).unwrap();
        let what =
            feed.receipts.iter().map(|quirk| (quirk.what, quirk.count, quirk.lines[0])).collect::<Vec<_>>();
        (feed.calls[1].arrival - 28_800, what)
    };
    let along = "blank times: filled by distance along the shape";
    // By the plane: 715 m, then 3,068 m and 1,811 m: b lies after 12.8 % of the way.
    assert_eq!(at_b(FillTimes::AlongShape, &[("shapes.txt", shapes)]), (92, vec![(along, 1, 3)]));
    let straight = "blank times: filled by straight lines from stop to stop";
    assert_eq!(at_b(FillTimes::AlongShape, &[]), (240, vec![(straight, 1, 3)]));
    assert_eq!(at_b(FillTimes::StraightLine, &[("shapes.txt", shapes)]), (240, vec![(straight, 1, 3)]));
    let evenly = "blank times: filled evenly from stop to stop";
    assert_eq!(at_b(FillTimes::Evenly, &[("shapes.txt", shapes)]), (360, vec![(evenly, 1, 3)]));
    let given = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n\
                 t,8:00:00,8:00:00,a,1,0\nt,,,b,2,9\nt,8:12:00,8:12:00,c,3,10\n";
    let by_feed = "blank times: filled by shape_dist_traveled";
    assert_eq!(at_b(FillTimes::AlongShape, &[("stop_times.txt", given)]), (648, vec![(by_feed, 1, 3)]));
}

#[test]
fn rules_of_boarding_wheelchairs_and_changing_are_read() {
    let feed = with(&[
        ("stops.txt", "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\nst,Station,50,8,1,,1\na,A,50,8,0,st,\nb,B,,,0,st,2\nc,C,50,8.03,,,\ne,Entrance,50,8,2,st,\n"),
        ("trips.txt", "route_id,service_id,trip_id,wheelchair_accessible,block_id,direction_id\nr,s,t,2,k,1\nr,s,u,1,k,\n"),
        ("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\nt,8:00:00,8:00:00,a,1,0,0\nt,8:05:00,8:05:00,b,2,1,2\nt,8:12:00,8:12:00,c,3,0,0\nu,24:10:00,24:10:00,c,1,,\nu,25:10:00,25:10:00,a,2,,\n"),
        ("transfers.txt", "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type,min_transfer_time\nc,c,t,u,4,\na,b,,,2,180\nst,c,,,3,\n"),
    ])
    .unwrap();
    let chairs: Vec<_> = feed.stops.iter().map(|stop| (stop.station, stop.wheelchair)).collect();
    assert_eq!(
        chairs,
        [(NONE, Wheelchair::Yes), (0, Wheelchair::Yes), (0, Wheelchair::No), (NONE, Wheelchair::Unknown)]
    );
    assert_eq!(feed.stops[2].lon_lat, [8.0, 50.0]);
    assert_eq!(
        (feed.trips[0].wheelchair, feed.trips[0].direction, feed.trips[1].block),
        (Wheelchair::No, Some(1), 0)
    );
    assert_eq!((feed.calls[1].board, feed.calls[1].alight), (false, true));
    assert_eq!(feed.receipts.count("passengers must phone to alight: taken as a stop"), 1);
    assert_eq!(feed.calls[4].arrival, 90_600);
    let kinds: Vec<_> = feed.transfers.iter().map(|rule| rule.kind).collect();
    assert_eq!(kinds, [TransferKind::InSeat, TransferKind::AtLeast(180), TransferKind::Impossible]);
}

#[test]
fn a_service_of_exceptions_alone_and_a_date_without_service() {
    let dates = "service_id,date,exception_type\ns,20240601,1\ns,20240608,1\n";
    let feed = with(&[("calendar.txt", ""), ("calendar_dates.txt", dates)]).unwrap();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    assert_eq!(feed.range(), Some((day("2024-06-01"), day("2024-06-08"))));
    assert_eq!((feed.trips_on(day("2024-06-01")), feed.trips_on(day("2024-06-02"))), (1, 0));
    assert_eq!(nearest_dates(&feed, day("2024-06-03"), 2), [day("2024-06-01"), day("2024-06-08")]);
    assert_eq!(nearest_dates(&feed, day("2030-01-01"), 1), [day("2024-06-08")]);
    let error = check_date(std::slice::from_ref(&feed), day("2024-06-03")).unwrap_err();
    let text = error.to_string();
    for words in [
        "no trip runs on Monday 2024-06-03",
        "valid from 2024-06-01 to 2024-06-08",
        "Saturday 2024-06-01, Saturday 2024-06-08",
    ] {
        assert!(text.contains(words), "{text}");
    }
    let always = with(&[]).unwrap();
    let silent = [feed, always];
    assert_eq!(check_date(&silent, day("2024-06-03")).unwrap(), [silent[0].name.as_str()]);
}

#[test]
fn marks_blanks_latin_letters_and_folders_within_a_zip_are_tolerated() {
    let folder = tempfile::tempdir().unwrap();
    let zip = |name: &str, files: &[(String, Vec<u8>)]| {
        let path = folder.path().join(name);
        let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        for (name, bytes) in files {
            writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        path
    };
    let mut files: Vec<(String, Vec<u8>)> =
        GOOD.iter().map(|(name, text)| (format!("feed/{name}"), text.as_bytes().to_vec())).collect();
    files[0].1 = b"\xEF\xBB\xBFagency_id, agency_name ,agency_timezone\n1,City,Europe/Berlin\n".to_vec();
    files[1].1 =
        b"stop_id,stop_name,stop_lat,stop_lon\na,Caf\xE9,50,8.00\nb,B, 50 ,8.01\nc,C,50,8.03\n".to_vec();
    files.push(("__MACOSX/feed/stops.txt".into(), b"junk".to_vec()));
    let feed = read_feed(&zip("good.zip", &files), FillTimes::AlongShape).unwrap();
    assert_eq!(
        (feed.stops[0].name.as_str(), feed.trips.len(), feed.name.as_str()),
        ("Caf\u{e9}", 1, "good.zip")
    );
    assert_eq!(feed.receipts.count("text is not in UTF-8: read as Latin-1"), 1);
    let inner = fs::read(folder.path().join("good.zip")).unwrap();
    let error =
        read_feed(&zip("outer.zip", &[("good.zip".into(), inner)]), FillTimes::AlongShape).unwrap_err();
    assert!(error.to_string().contains("another zip file"), "{error}");
    let mut open = files.clone();
    open[1].1 = format!("stop_id,stop_name,stop_lat,stop_lon\na,\"A,50,8\n{}", "b,B,50,8.01\n".repeat(9_000))
        .into_bytes();
    let error = read_feed(&zip("open.zip", &open), FillTimes::AlongShape).unwrap_err();
    assert!(error.to_string().contains("quotation mark"), "{error}");
    let mut cut = fs::read(folder.path().join("good.zip")).unwrap();
    cut.truncate(cut.len() / 2);
    fs::write(folder.path().join("cut.zip"), cut).unwrap();
    assert!(read_feed(&folder.path().join("cut.zip"), FillTimes::AlongShape).is_err());
}

/// 200,000 calls of one trip, most without a time.
#[test]
fn one_very_long_trip_is_read_in_a_moment() {
    let mut calls = HEAD.to_owned();
    for number in 0..200_000 {
        let time =
            if number % 100_000 == 0 { format!("{}:00:00", 8 + number / 100_000) } else { String::new() };
        calls += &format!("t,{time},{time},{},{number}\n", ["a", "b", "c"][number % 3]);
    }
    let feed = with(&[("stop_times.txt", &calls)]).unwrap();
    assert_eq!(feed.calls.len(), 100_001);
    assert!(feed.calls.windows(2).all(|pair| pair[0].departure <= pair[1].arrival));
}
