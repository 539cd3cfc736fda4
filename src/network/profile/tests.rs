//! Tags and what each traveller may do there, checked by hand against the wiki.

use super::*;
use Traveller::{Adult, Bicycle, Car, OlderAdult, Pram, Wheelchair};

/// A street of 100 m with tags written `key=value key=value`.
fn street(tags: &str) -> Street {
    Street {
        line: vec![(0.0, 0.0), (100.0, 0.0)].into(),
        tags: tags.split_whitespace().filter_map(|tag| tag.split_once('=')).collect(),
        ..Street::default()
    }
}

/// km/h along the street and against it, rounded to a tenth; 0 where closed.
fn kmh(profile: &TravelProfile, tags: &str) -> [f64; 2] {
    let traversal = profile.traversal(&street(tags));
    [traversal.and_then(|t| t.forward), traversal.and_then(|t| t.backward)]
        .map(|pace| pace.map_or(0.0, |pace| (36_000.0 / pace).round() / 10.0))
}

#[track_caller]
fn check(traveller: Traveller, table: &[(&str, [f64; 2])]) {
    let profile = TravelProfile::of(traveller);
    for (tags, expected) in table {
        assert_eq!(kmh(&profile, tags), *expected, "{traveller}: {tags}");
    }
}

const NO: [f64; 2] = [0.0; 2];

#[test]
fn adults_walk_where_they_may() {
    const WALK: [f64; 2] = [4.8; 2];
    check(
        Adult,
        &[
            ("highway=residential", WALK),
            ("highway=residential oneway=yes", WALK),
            ("highway=footway oneway:foot=yes", [4.8, 0.0]),
            ("highway=footway oneway:foot=-1", [0.0, 4.8]),
            ("highway=steps", [2.4; 2]),
            ("highway=steps conveying=forward", [2.4, 0.0]),
            ("highway=motorway", NO),
            ("highway=motorway foot=yes", WALK),
            ("highway=motorway sidewalk=both", WALK),
            ("highway=motorway access=yes", NO),
            ("highway=trunk", WALK),
            ("highway=trunk motorroad=yes", NO),
            ("highway=cycleway", WALK),
            ("highway=cycleway foot=no", NO),
            ("highway=primary foot=use_sidepath", NO),
            ("highway=service access=private", NO),
            ("highway=service access=private foot=yes", WALK),
            ("highway=service access=no foot=designated", WALK),
            ("highway=service access=customers", WALK),
            ("highway=service vehicle=no", WALK),
            ("highway=service motor_vehicle=private", WALK),
            ("highway=footway surface=sand smoothness=horrible", WALK),
            ("highway=footway smoothness=impassable", NO),
            ("highway=pedestrian area=yes", WALK),
            ("highway=busway", NO),
            ("highway=footway barrier=wall", NO),
            ("route=ferry", [5.0; 2]),
            ("route=ferry duration=0:01", [6.0; 2]),
            ("route=ferry foot=no", NO),
            ("building=yes", NO),
        ],
    );
}

#[test]
fn people_differ_in_what_stops_them() {
    check(
        OlderAdult,
        &[
            ("highway=residential", [2.7; 2]),
            // 100 m of steps are 345 of them.
            ("highway=steps", NO),
            ("highway=steps step_count=12", [1.4; 2]),
            ("highway=steps step_count=19", NO),
            ("highway=steps conveying=yes", [1.4; 2]),
        ],
    );
    check(
        Pram,
        &[
            ("highway=residential", [4.8; 2]),
            ("highway=steps step_count=3", NO),
            ("highway=steps ramp:stroller=yes", [2.4; 2]),
            ("highway=path surface=sand", NO),
            ("highway=path surface=gravel", [2.9; 2]),
            ("highway=path surface=sand wheelchair=yes", [2.4; 2]),
        ],
    );
    check(
        Wheelchair,
        &[
            ("highway=residential", [2.8; 2]),
            ("highway=steps", NO),
            ("highway=steps ramp:wheelchair=yes", [2.8; 2]),
            ("highway=footway wheelchair=no", NO),
            ("highway=footway wheelchair=limited", [2.8; 2]),
            ("highway=footway surface=sett", [1.7; 2]),
            ("highway=footway surface=gravel", NO),
            ("highway=footway surface=gravel wheelchair=yes", [1.4; 2]),
            ("highway=footway smoothness=bad", NO),
            ("highway=footway smoothness=intermediate", [2.8; 2]),
            ("highway=footway incline=10%", NO),
            ("highway=footway incline=-10%", NO),
            ("highway=footway incline=6%", [2.8; 2]),
            ("highway=footway incline=up", [2.8; 2]),
            ("highway=footway width=0.7", NO),
            ("route=ferry wheelchair=no", NO),
        ],
    );
}

#[test]
fn bicycles_are_ridden_or_pushed() {
    const RIDE: [f64; 2] = [15.0; 2];
    const PUSH: [f64; 2] = [4.0; 2];
    check(
        Bicycle,
        &[
            ("highway=residential", RIDE),
            ("highway=cycleway", RIDE),
            ("highway=path", [13.0; 2]),
            ("highway=track", [12.0; 2]),
            ("highway=footway", PUSH),
            ("highway=footway bicycle=yes", RIDE),
            ("highway=pedestrian", PUSH),
            ("highway=steps", [2.0; 2]),
            ("highway=motorway", NO),
            ("highway=trunk motorroad=yes", NO),
            ("highway=residential bicycle=no", PUSH),
            ("highway=residential bicycle=no foot=no", NO),
            ("highway=primary bicycle=private", NO),
            ("highway=residential bicycle=dismount", PUSH),
            ("highway=primary bicycle=use_sidepath", NO),
            ("highway=residential vehicle=no", PUSH),
            ("highway=service access=private", NO),
            ("highway=service access=private bicycle=permissive", RIDE),
            ("highway=service motor_vehicle=no", RIDE),
            // Against a one-way street it is pushed.
            ("highway=residential oneway=yes", [15.0, 4.0]),
            ("highway=residential oneway=-1", [4.0, 15.0]),
            ("highway=residential oneway=yes oneway:bicycle=no", RIDE),
            ("highway=residential oneway=yes cycleway=opposite", RIDE),
            ("highway=residential oneway=yes cycleway:left=opposite_lane", RIDE),
            ("highway=residential oneway=yes cycleway:right:oneway=no", RIDE),
            ("highway=residential oneway=yes cycleway=lane", [15.0, 4.0]),
            ("highway=residential oneway=no oneway:bicycle=yes", [15.0, 4.0]),
            ("highway=residential junction=roundabout", [15.0, 4.0]),
            ("highway=cycleway oneway=yes foot=no", [15.0, 0.0]),
            ("highway=residential surface=cobblestone", [7.0; 2]),
            ("highway=residential surface=asphalt smoothness=bad", [10.5; 2]),
            // Nobody rides through sand as fast as they push.
            ("highway=path surface=sand", PUSH),
            ("highway=path smoothness=horrible", PUSH),
            ("route=ferry bicycle=no", NO),
        ],
    );
}

#[test]
fn cars_follow_limits_and_one_way_streets() {
    check(
        Car,
        &[
            ("highway=residential", [25.0; 2]),
            ("highway=motorway", [90.0, 0.0]),
            ("highway=motorway oneway=no", [90.0; 2]),
            ("highway=motorway_link", [45.0; 2]),
            ("highway=primary junction=roundabout", [65.0, 0.0]),
            ("highway=primary junction=circular", [65.0, 0.0]),
            ("highway=primary oneway=-1", [0.0, 65.0]),
            ("highway=primary oneway=alternating", [65.0; 2]),
            ("highway=primary oneway=reversible", NO),
            ("highway=residential maxspeed=50", [40.0; 2]),
            ("highway=residential maxspeed:forward=50", [40.0, 25.0]),
            ("highway=residential maxspeed=DE:urban", [40.0; 2]),
            ("highway=motorway maxspeed=none", [112.0, 0.0]),
            ("highway=footway", NO),
            ("highway=footway access=yes", NO),
            ("highway=pedestrian motor_vehicle=destination", [10.0; 2]),
            ("highway=track", NO),
            ("highway=track motorcar=yes", [10.0; 2]),
            ("highway=residential motor_vehicle=no", NO),
            ("highway=residential motor_vehicle=no motorcar=yes", [25.0; 2]),
            ("highway=residential vehicle=no", NO),
            ("highway=residential access=no motor_vehicle=yes", [25.0; 2]),
            ("highway=service access=private", NO),
            ("highway=service access=destination", [15.0; 2]),
            ("highway=service area=yes", NO),
            ("highway=service barrier=bollard", NO),
            ("highway=service barrier=gate", [15.0; 2]),
            ("route=ferry", NO),
            ("route=ferry motor_vehicle=yes", [5.0; 2]),
        ],
    );
}

#[test]
fn barriers_stop_some_and_let_others_pass() {
    // Adult, older adult, pram, wheelchair, bicycle, car.
    let table = [
        ("barrier=gate", "aopwbc"),
        ("barrier=gate access=private", ""),
        ("barrier=gate access=private foot=yes", "aopw"),
        ("barrier=gate locked=yes", ""),
        ("barrier=bollard", "aopwb"),
        ("barrier=bollard bollard=rising", "aopwbc"),
        ("barrier=bollard motor_vehicle=yes", "aopwbc"),
        ("barrier=bollard bicycle=no", "aopw"),
        ("barrier=stile", "a"),
        ("barrier=kissing_gate", "ao"),
        ("barrier=kissing_gate foot=yes", "ao"),
        ("barrier=cycle_barrier", "aopb"),
        ("barrier=cycle_barrier wheelchair=yes", "aopwb"),
        ("barrier=kerb kerb=raised", "aopbc"),
        ("barrier=kerb", "aopwbc"),
        ("kerb=lowered highway=crossing", "aopwbc"),
        ("kerb=raised highway=crossing", "aopbc"),
        ("kerb:height=2cm", "aopwbc"),
        ("kerb:height=0.12", "aopbc"),
        ("barrier=wall", ""),
        ("highway=crossing access=no", "aopwbc"),
        ("barrier=toll_booth", "aopwbc"),
        ("access=no", ""),
        ("access=private", ""),
        ("access=no foot=yes", "aopw"),
        ("foot=no", "bc"),
        ("motor_vehicle=no", "aopwb"),
        ("bicycle=no", "aopwbc"),
        ("highway=traffic_signals", "aopwbc"),
    ];
    for (tags, who) in table {
        let tags = street(tags).tags;
        let pass: String = Traveller::ALL
            .into_iter()
            .zip("aopwbc".chars())
            .filter(|(traveller, _)| TravelProfile::of(*traveller).passes(&tags))
            .map(|(_, letter)| letter)
            .collect();
        assert_eq!(pass, who, "{tags:?}");
    }
}

#[test]
fn a_user_changes_any_table() {
    let profile = |text: &str| {
        let settings: TravelSettings = toml::from_str(text).unwrap();
        TravelProfile::new(settings).unwrap()
    };
    let car = profile("profile = \"car\"\nspeeds = { residential = 30 }\nopen = { track = true }");
    assert_eq!(kmh(&car, "highway=residential"), [30.0; 2]);
    assert_eq!(kmh(&car, "highway=residential maxspeed=20"), [20.0; 2]);
    assert_eq!(kmh(&car, "highway=track"), [10.0; 2]);
    assert_eq!(kmh(&car, "highway=track access=private"), NO);
    assert_eq!(
        car.to_string(),
        "somebody in a car at the speeds of each class of street; as given: residential 30 km/h"
    );

    let chair = profile(
        "profile = \"wheelchair\"\nspeed_kmh = 4\nmax_slope_percent = 12\n\
         surfaces = { gravel = 0.5, asphalt = 0 }\nsmoothness = { bad = 1 }\nbarriers = { stile = true }",
    );
    assert_eq!(kmh(&chair, "highway=footway surface=gravel smoothness=bad incline=10%"), [2.0; 2]);
    assert_eq!(kmh(&chair, "highway=footway surface=asphalt"), NO);
    assert!(chair.passes(&street("barrier=stile").tags));
    assert_eq!(chair.to_string(), "somebody in a wheelchair at 4 km/h on a good flat street");

    let walk = profile("open = { primary = false }\nspeeds = { steps = 1.5 }");
    assert_eq!(kmh(&walk, "highway=primary"), NO);
    assert_eq!(kmh(&walk, "highway=primary foot=yes"), [4.8; 2]);
    assert_eq!(kmh(&walk, "highway=steps"), [1.5; 2]);
}

#[test]
fn a_speed_that_nobody_walks_is_refused() {
    for speed in [0.0, 40.0] {
        let error = TravelProfile::walking(KmPerHour::new(speed).unwrap()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Parameter);
    }
}

#[test]
fn who_leaves_the_street_walks() {
    let pace = |traveller| TravelProfile::of(traveller).milliseconds_per_metre_off_street();
    assert_eq!([pace(Adult), pace(Bicycle), pace(Car)], [750.0; 3]);
    assert!(pace(Wheelchair) > pace(Pram));
}
