//! Scenarios on Millbrook: a footbridge from the cut-off quarter, services that close and open, homes that come and go.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::model::Traveller;
use commonground::scenario::{
    Amount, Base, Change, ColumnChange, Comparison, Households, LandSelection, Newcomers, PeopleChange,
    Scenario, ServiceName, affordability, apply,
};
use commonground::{ErrorKind, Quiet, StudyArea, io};
use geo::{Area, BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon, Rect};
use std::collections::BTreeMap;
use std::path::Path;

fn millbrook() -> StudyArea {
    io::study::read_study(Path::new("data/millbrook"), None, &Quiet).unwrap()
}

fn scenario(changes: Vec<Change>) -> Scenario {
    Scenario { name: "test".into(), changes, ..Scenario::default() }
}

/// The shortest line between the streets of two neighbourhoods.
fn bridge(study: &StudyArea, from: &str, to: &str) -> Change {
    let vertices = |name: &str| -> Vec<Coord<f64>> {
        let area = study.neighbourhoods.iter().find(|area| area.name == name).unwrap();
        let walked = study.streets.iter().filter(|street| !street.tags.is("highway", "motorway"));
        let all = walked.flat_map(|street| street.line.0.clone());
        all.filter(|at| area.shape.contains(&Point(*at))).collect()
    };
    let (here, there) = (vertices(from), vertices(to));
    let pairs = here.iter().flat_map(|a| there.iter().map(move |b| (*a, *b)));
    let length = |(a, b): &(Coord<f64>, Coord<f64>)| (a.x - b.x).hypot(a.y - b.y);
    let (a, b) = pairs.min_by(|one, other| length(one).total_cmp(&length(other))).unwrap();
    path(vec![a, b], None)
}

/// What changes for a group of adults.
fn of<'a>(found: &'a Comparison, measure: &str, group: &str) -> &'a PeopleChange {
    let is_it = |one: &&PeopleChange| {
        one.measure == measure && one.group == group && one.traveller == Traveller::Adult
    };
    found.people.iter().find(is_it).unwrap()
}

/// Minutes of every home to a category, before and after, for adults.
fn walk<'a>(found: &'a Comparison, category: &str) -> &'a ColumnChange {
    let is_it = |one: &&ColumnChange| one.category() == Some(category) && one.traveller == Traveller::Adult;
    found.columns.iter().find(is_it).unwrap()
}

/// Every column to the bit.
fn assert_same(one: &Comparison, other: &Comparison) {
    assert_eq!(one.columns.len(), other.columns.len());
    for (a, b) in one.columns.iter().zip(&other.columns) {
        assert_eq!((&a.key, a.traveller), (&b.key, b.traveller));
        let bits =
            |values: &[Option<f64>]| values.iter().map(|one| one.map(f64::to_bits)).collect::<Vec<_>>();
        assert_eq!(bits(&a.after), bits(&b.after), "{} {}", a.key, a.traveller.name());
    }
}

fn clinic(id: &str, at: Point<f64>) -> Change {
    Change::AddService { id: id.into(), category: "clinic".into(), name: None, at, capacity: None }
}

fn path(line: Vec<Coord<f64>>, id: Option<i64>) -> Change {
    let tags = BTreeMap::new();
    Change::AddStreet { line: LineString(line), class: "footway".into(), bridge: true, id, tags }
}

#[test]
fn a_footbridge_from_the_cut_off_quarter_brings_school_and_clinic_near_and_nobody_loses() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let found = base.compare(&scenario(vec![bridge(&study, "Millrace", "New Wharf")]), &Quiet).unwrap();
    assert_eq!(found.receipts[0].streets, 1);
    assert!(found.receipts[0].metres_to_network.unwrap() < 0.5);
    for one in &found.people {
        // Green space and jobs are now shared with those who come over the bridge; nobody reaches less of them.
        let is_shared = one.measure.contains("_per_");
        assert!(is_shared || (one.who.lost == 0.0 && one.reach.1 == 0.0), "{one:?}");
        assert_eq!((one.parts.newcomers, one.parts.leavers), (0.0, 0.0));
    }
    assert!(of(&found, "school_minutes", "everybody").who.gained > 0.0);
    assert!(found.losers.is_empty());
    // The housing project of the cut-off quarter.
    let quarter = study.neighbourhoods.iter().position(|area| area.name == "Millrace").unwrap() as u32;
    let homes: Vec<usize> =
        (0..study.homes.len()).filter(|&home| study.homes.neighbourhoods[home] == Some(quarter)).collect();
    for category in ["school", "clinic"] {
        let column = walk(&found, category);
        let mean = |values: &[Option<f64>]| {
            let of = |home: &usize| values[*home].unwrap_or(60.0) * study.homes.weights[*home];
            let people: f64 = homes.iter().map(|home| study.homes.weights[*home]).sum();
            homes.iter().map(of).sum::<f64>() / people
        };
        let (before, after) = (mean(&column.before), mean(&column.after));
        assert!(before > 15.0 && after < before - 5.0, "{category}: {before} {after}");
    }
}

#[test]
fn nothing_changes_nothing_and_what_is_added_and_removed_is_nothing_to_the_bit() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let nothing = base.compare(&scenario(vec![]), &Quiet).unwrap();
    let at = study.homes.locations[0];
    let service = clinic("new", at);
    let both = base
        .compare(&scenario(vec![service.clone(), Change::CloseService { service: "new".into() }]), &Quiet)
        .unwrap();
    for found in [&nothing, &both] {
        assert!(found.columns.iter().all(|column| column.before == column.after));
        assert!(found.people.iter().all(|one| one.who.gained == 0.0 && one.who.lost == 0.0));
    }
    // One more clinic: nobody is farther; the one that closes again is farther for nobody who was not near.
    let more = base.compare(&scenario(vec![service]), &Quiet).unwrap();
    assert!(of(&more, "clinic_minutes", "everybody").who.lost == 0.0);
    assert_ne!(more.id, nothing.id);
    assert_eq!(
        (study.services.len(), study.streets.len()),
        (millbrook().services.len(), millbrook().streets.len())
    );
}

#[test]
fn who_comes_and_who_leaves_stand_apart_from_those_who_stay() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let (first, people) = (study.homes.ids[0].clone(), study.homes.weights[0]);
    let changes = vec![
        Change::AddHomes {
            id: "brewery".into(),
            at: study.homes.locations[40],
            residents: 120.0,
            groups: BTreeMap::new(),
        },
        Change::RemoveHomes { homes: vec![first] },
    ];
    let found = base.compare(&scenario(changes), &Quiet).unwrap();
    let clinic = of(&found, "clinic_minutes", "everybody");
    assert_eq!((clinic.parts.newcomers, clinic.who.gained, clinic.who.lost), (120.0, 0.0, 0.0));
    assert_eq!(clinic.parts.leavers, people);
    let parts = clinic.parts.parts.unwrap();
    assert_eq!(parts.change_for_stayers, 0.0);
    let change = clinic.parts.mean_after.unwrap() - clinic.parts.mean_before.unwrap();
    assert!((parts.sum() - change).abs() < 1e-9);
    let members: f64 = found.changed.homes.groups.iter().map(|group| *group.counts.last().unwrap()).sum();
    assert!(members > 0.0 && found.receipts[0].people == 120.0);
}

#[test]
fn every_problem_is_listed_at_once_with_the_number_of_its_change() {
    let study = millbrook();
    let at = study.homes.locations[0];
    let far = Point::new(at.x() + 1e5, at.y());
    let id = study.services[0].id.clone();
    let error = |changes: Vec<Change>| apply(&study, &scenario(changes)).unwrap_err();
    let group = BTreeMap::from([("over_65".to_owned(), 9.0)]);
    let lost = vec![at.0, far.0];
    let all = error(vec![
        Change::CloseService { service: format!("{id}x").as_str().into() },
        Change::AddService { id, category: "clinic".into(), name: None, at, capacity: None },
        Change::MoveService { service: study.services[1].id.as_str().into(), to: far },
        Change::SetCapacity { service: study.services[1].id.as_str().into(), capacity: -1.0 },
        Change::AddHomes { id: "x".into(), at, residents: 5.0, groups: group },
        Change::RemoveHomes { homes: vec!["nobody".into()] },
        path(lost, None),
        Change::RemoveStreet { street: -7 },
    ]);
    assert_eq!(all.kind(), ErrorKind::Study);
    let text = all.to_string();
    for expected in [
        "8 problems",
        "did you mean",
        "taken by another service",
        "none of the neighbourhoods",
        "capacity of `-1`",
        "9 people of `over_65`",
        "no home has the id `nobody`",
        "joins nothing within 20 m",
        "no street has the id `-7`",
        "row 8",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn what_is_measured_in_part_is_what_a_whole_measurement_finds_to_the_bit() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let (near, far) = (study.homes.locations[3], study.homes.locations[40]);
    let school = study.services.iter().find(|one| one.category == "school").unwrap().id.clone();
    let homes = |id: &str| Change::AddHomes {
        id: id.into(),
        at: far,
        residents: 90.0,
        groups: BTreeMap::from([("over_65".to_owned(), 30.0)]),
    };
    for changes in [
        vec![clinic("new", near)],
        vec![clinic("new", near), Change::CloseService { service: school.as_str().into() }],
        vec![Change::MoveService { service: school.as_str().into(), to: far }],
        vec![clinic("new", near), homes("brewery")],
        vec![bridge(&study, "Millrace", "New Wharf"), homes("brewery")],
    ] {
        let scenario = scenario(changes);
        let part = base.compare(&scenario, &Quiet).unwrap();
        // The whole: the changed study measured as if it had always been so.
        let whole = Base::new(&part.changed, &Quiet).unwrap().compare(&Scenario::default(), &Quiet).unwrap();
        if scenario.changes.iter().any(Change::is_of_streets) {
            // Homes stay on the streets that they joined; all else is equal.
            assert_eq!(part.columns.len(), whole.columns.len());
        } else {
            assert_same(&part, &whole);
        }
    }
}

#[test]
fn a_bridge_that_is_taken_away_again_and_a_home_that_is_not_built_leave_nothing() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let Change::AddStreet { line, .. } = bridge(&study, "Millrace", "New Wharf") else { panic!() };
    // Its ends lie between vertices, so that streets are split for it.
    let shifted: Vec<Coord<f64>> = line.0.iter().map(|at| Coord { x: at.x + 7.0, y: at.y + 3.0 }).collect();
    let found = base
        .compare(
            &scenario(vec![
                path(shifted, Some(900_001)),
                Change::RemoveStreet { street: 900_001 },
                Change::AddHomes {
                    id: "x".into(),
                    at: study.homes.locations[2],
                    residents: 40.0,
                    groups: BTreeMap::new(),
                },
                Change::RemoveHomes { homes: vec!["x".into()] },
            ]),
            &Quiet,
        )
        .unwrap();
    assert_eq!(found.changed.streets, study.streets);
    assert_eq!(found.changed.homes, study.homes);
    assert!(found.columns.iter().all(|column| column.before == column.after));
}

#[test]
fn a_closed_school_has_losers_with_their_ways_before_and_after() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let school = study.services.iter().find(|one| one.category == "clinic").unwrap().id.clone();
    let found = base
        .compare(&scenario(vec![Change::CloseService { service: school.as_str().into() }]), &Quiet)
        .unwrap();
    let clinic = of(&found, "clinic_minutes", "everybody");
    assert!(clinic.who.lost > 0.0 && clinic.who.gained == 0.0);
    let worst = &found.losers[0];
    let (before, after) = base.ways(&found, (&worst.home, &worst.category, worst.traveller), &Quiet).unwrap();
    let before = before.unwrap();
    assert!((before.itinerary.time.get() - worst.before).abs() < 1e-9);
    assert_ne!(after.as_ref().map(|way| &way.to), Some(&before.to));
    assert_eq!(after.map(|way| way.itinerary.time.get()), worst.after);
    let travellers: std::collections::BTreeSet<_> = found.people.iter().map(|one| one.traveller).collect();
    assert!(travellers.contains(&Traveller::Wheelchair) && travellers.contains(&Traveller::OlderAdult));
}

#[test]
fn every_street_can_close_and_nobody_gains_by_joining_another_one() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let (mut closed, mut doubtful) = (0, 0);
    for street in study.streets.iter().map(|street| street.id).step_by(study.streets.len() / 12) {
        let found = base.compare(&scenario(vec![Change::RemoveStreet { street }]), &Quiet).unwrap();
        for one in &found.people {
            // Green space and jobs that fewer people share are more for each of them.
            let is_shared = one.measure.contains("_per_");
            assert!(is_shared || (one.who.gained, one.reach.0) == (0.0, 0.0), "street {street}: {one:?}");
        }
        let unknown = found.people.iter().any(|one| one.who.unknown > 0.0 && one.measure == "clinic_minutes");
        let told = found.assumptions.iter().any(|words| words.contains("stand on a street that closes"));
        assert!(told || !unknown, "street {street}");
        closed += 1;
        doubtful += usize::from(unknown);
    }
    assert!(closed >= 12 && doubtful > 0, "{closed} {doubtful}");
}

#[test]
fn an_id_of_several_services_names_none_of_them_without_a_category() {
    let mut study = millbrook();
    let id = study.services.iter().find(|one| one.category == "clinic").unwrap().id.clone();
    let school = study.services.iter().position(|one| one.category == "school").unwrap();
    study.services[school].id.clone_from(&id);
    let close = |category: Option<&str>| {
        let service = ServiceName { id: id.clone(), category: category.map(str::to_owned) };
        apply(&study, &scenario(vec![Change::CloseService { service }]))
    };
    let error = close(None).unwrap_err().to_string();
    assert!(error.contains("2 services have the id") && error.contains("`clinic`, `school`"), "{error}");
    let error = close(Some("library")).unwrap_err().to_string();
    assert!(error.contains("no `library`") && error.contains("`clinic`, `school`"), "{error}");
    let changed = close(Some("school")).unwrap().changed;
    assert_eq!(changed.services.len() + 1, study.services.len());
    assert!(changed.services.iter().any(|one| one.id == id && one.category == "clinic"));
    // What closes is measured, although another service keeps the id.
    let base = Base::new(&study, &Quiet).unwrap();
    let service = ServiceName { id: id.clone(), category: Some("school".into()) };
    let found = base.compare(&scenario(vec![Change::CloseService { service }]), &Quiet).unwrap();
    assert!(of(&found, "school_minutes", "everybody").who.lost > 0.0);
    assert_eq!(of(&found, "clinic_minutes", "everybody").who.lost, 0.0);
    // Two of one category cannot be told apart.
    study.services[school].category = "clinic".into();
    let service = ServiceName { id, category: Some("clinic".into()) };
    let error = apply(&study, &scenario(vec![Change::CloseService { service }])).unwrap_err().to_string();
    assert!(error.contains("id of its own"), "{error}");
}

#[test]
fn a_part_of_a_district_is_rezoned_and_the_rest_keeps_its_code() {
    let mut study = millbrook();
    study.parcels.clear();
    let district = study.zoning.iter().find(|one| one.code == "R1").unwrap();
    let (id, whole) = (district.id.clone(), district.shape.unsigned_area());
    let around = district.shape.bounding_rect().unwrap();
    // The western half of its box.
    let middle = Coord { x: around.center().x, y: around.max().y };
    let half = MultiPolygon(vec![Rect::new(around.min(), middle).to_polygon()]);
    let land = LandSelection { ids: vec![id.clone()], inside: Some(half), ..LandSelection::default() };
    let rezone = Change::Rezone { land, to: "R3".into(), never_lower: false };
    let changed = apply(&study, &scenario(vec![rezone.clone()])).unwrap().changed;
    let piece = changed.zoning.iter().find(|one| one.id == format!("{id}, change 1")).unwrap();
    let rest = changed.zoning.iter().find(|one| one.id == id).unwrap();
    assert_eq!((piece.code.as_str(), rest.code.as_str()), ("R3", "R1"));
    let (piece, rest) = (piece.shape.unsigned_area(), rest.shape.unsigned_area());
    assert!((piece + rest - whole).abs() < 1e-6 * whole && piece > 0.3 * whole && rest > 0.3 * whole);
    // All of it: nothing is cut.
    let Change::Rezone { land, .. } = &rezone else { panic!() };
    let all = MultiPolygon(vec![around.to_polygon()]);
    let land = LandSelection { inside: Some(all), ..land.clone() };
    let changed = apply(
        &study,
        &scenario(vec![Change::Rezone { land: land.clone(), to: "R3".into(), never_lower: false }]),
    )
    .unwrap()
    .changed;
    assert_eq!(changed.zoning.len(), study.zoning.len());
    assert_eq!(changed.zoning.iter().find(|one| one.id == id).unwrap().code, "R3");
    // An edge that crosses itself is no area, and far away there is no land.
    let corners = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)].map(|(x, y)| Coord { x, y });
    let crossing = MultiPolygon(vec![Polygon::new(LineString(corners.to_vec()), vec![])]);
    for (inside, expected) in [
        (crossing, "not valid"),
        (MultiPolygon(vec![Rect::new((0.0, 0.0), (1.0, 1.0)).to_polygon()]), "none of the neighbourhoods"),
        (MultiPolygon(vec![]), "no size"),
    ] {
        let land = LandSelection { inside: Some(inside), ..LandSelection::default() };
        let change = Change::Rezone { land, to: "R3".into(), never_lower: false };
        let error = apply(&study, &scenario(vec![change])).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn homes_that_count_floor_area_take_no_dwellings() {
    let mut study = millbrook();
    study.homes.weight = commonground::model::Weight::FloorArea;
    let change = Change::BuildOut {
        land: LandSelection::default(),
        amount: Amount::Share(0.5),
        household_size: 2.1,
        residents: Newcomers::LikeCity,
        affordable: 0.0,
        clears: false,
    };
    let error = apply(&study, &scenario(vec![change])).unwrap_err().to_string();
    assert!(error.contains("count floor area") && error.contains("`residents` or `dwellings`"), "{error}");
}

#[test]
fn what_living_costs_those_who_stay_follows_from_the_cars_that_they_need() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let clinics: Vec<_> = study.services.iter().filter(|one| one.category == "clinic").collect();
    let close =
        |one: &&commonground::model::Service| Change::CloseService { service: one.id.as_str().into() };
    let found = base.compare(&scenario(clinics.iter().map(close).collect()), &Quiet).unwrap();
    let households = Households::from_toml(
        "prices = { per_car = 5000, per_km = 0.2 }\n\
         [[households]]\nname = 'nobody works'\nincome = 24000\nrent = 600\nworkers = 0\nkm_per_car = 6000\n\
         [[households]]\nname = 'two work'\nincome = 60000\nrent = 1200\nworkers = 2\nkm_per_car = 9000\nfares = 500",
        "households.toml",
    )
    .unwrap();
    let costs = affordability(&study, &found, &households).unwrap();
    // By hand: who does not work needs one car where an essential is out of reach, which is everybody once no clinic is left.
    let column = |name: &str| {
        let own = |one: &&ColumnChange| one.key.subject.traveller.is_none() && one.key.column.name == name;
        found.columns.iter().rfind(own).unwrap()
    };
    let (lacking, jobs) =
        (column("essentials_lacking"), column("jobs_share_without_car_within_{minutes}_min"));
    let (mut people, mut cars, mut two) = (0.0, (0.0, 0.0), 0.0);
    for (home, weight) in study.homes.weights.iter().enumerate() {
        let (Some(before), Some(after), Some(share)) =
            (lacking.before[home], lacking.after[home], jobs.before[home])
        else {
            continue;
        };
        people += weight;
        cars.0 += weight * f64::from(before > 0.0);
        cars.1 += weight * f64::from(after > 0.0);
        let needed = (2.0 * (1.0 - share.min(1.0))).max(f64::from(before > 0.0));
        let travel = needed * (5_000.0 + 0.2 * 9_000.0) + (2.0 - needed).max(0.0) * 500.0;
        two += weight * (12.0 * 1_200.0 + travel) / 60_000.0;
    }
    let [none, both] = &costs[..] else { panic!() };
    assert_eq!((none.stayers, none.moved.0), (people, 0.0));
    assert!((none.cars.unwrap().0 - cars.0 / people).abs() < 1e-12 && none.cars.unwrap().0 < 1.0);
    assert_eq!((none.cars.unwrap().1, cars.1), (1.0, people));
    let travel = none.travel.unwrap();
    assert!((travel.1 - 6_200.0).abs() < 1e-9 && (travel.0 - 6_200.0 * cars.0 / people).abs() < 1e-6);
    assert!((none.residual.unwrap().1 - (24_000.0 - 7_200.0 - 6_200.0)).abs() < 1e-9);
    assert!((both.share.unwrap().0 - two / people).abs() < 1e-12);
    assert!(none.moved.1 > 0.0 && none.affordable.1 < none.affordable.0, "{none:?}");
    // Without jobs by car nothing is known.
    let mut no_car = study.clone();
    no_car.settings.modes.clear();
    let found = Base::new(&no_car, &Quiet).unwrap().compare(&Scenario::default(), &Quiet).unwrap();
    let error = affordability(&no_car, &found, &households).unwrap_err().to_string();
    assert!(error.contains("profile = \"car\""), "{error}");
    for (text, expected) in [
        ("prices = { per_car = 1, per_km = 1 }\nhouseholds = []", "no type of household"),
        ("prices = { per_cars = 1, per_km = 1 }\nhouseholds = []", "per_car"),
    ] {
        let error = Households::from_toml(text, "h.toml").unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut wrong = households.clone();
    wrong.households[1].income = 0.0;
    let error =
        affordability(&study, &base.compare(&Scenario::default(), &Quiet).unwrap(), &wrong).unwrap_err();
    assert!(error.to_string().contains("two work"), "{error}");
}

#[test]
fn every_path_can_be_added_beside_or_along_another_street_and_nobody_walks_farther() {
    let study = millbrook();
    let base = Base::new(&study, &Quiet).unwrap();
    let streets: Vec<_> = study.streets.iter().filter(|one| !one.tags.is("highway", "motorway")).collect();
    let mut added = 0;
    for street in streets.iter().step_by(streets.len() / 8) {
        let ends = [street.line.0[0], *street.line.0.last().unwrap()];
        // From end to end of a street, and along its first segment, which it doubles.
        for line in [ends.to_vec(), street.line.0[..2].to_vec()] {
            let found = base.compare(&scenario(vec![path(line, None)]), &Quiet).unwrap();
            for one in found.people.iter().filter(|one| one.measure.ends_with("_minutes")) {
                assert_eq!((one.who.lost, one.reach.1), (0.0, 0.0), "{one:?}");
            }
            added += 1;
        }
    }
    assert!(added >= 16);
}

#[test]
fn who_lives_on_land_that_is_cleared_makes_way_and_nobody_else() {
    let mut study = millbrook();
    study.parcels.clear();
    let lived_in = |shape: &MultiPolygon<f64>| -> f64 {
        let inside = (0..study.homes.len()).filter(|&home| shape.contains(&study.homes.locations[home]));
        inside.map(|home| study.homes.weights[home]).sum()
    };
    let district = study.zoning.iter().find(|one| one.code == "R1" && lived_in(&one.shape) > 0.0).unwrap();
    let people = lived_in(&district.shape);
    let change = Change::BuildOut {
        land: LandSelection { ids: vec![district.id.clone()], ..LandSelection::default() },
        amount: Amount::Share(1.0),
        household_size: 2.0,
        residents: Newcomers::LikeCity,
        affordable: 0.0,
        clears: true,
    };
    let found = apply(&study, &scenario(vec![change])).unwrap();
    let before: f64 = study.homes.weights.iter().sum();
    let stay: f64 = found.changed.homes.weights[..study.homes.len()].iter().sum();
    assert!(people > 0.0 && (before - stay - people).abs() < 1e-9, "{before} {stay} {people}");
}
