//! What the benches share.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use std::path::PathBuf;
use std::time::Duration;

/// Nanoseconds that the measured thread has run.
pub struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        let ran = std::fs::read_to_string("/proc/self/schedstat").ok();
        let nanoseconds = ran.and_then(|text| text.split(' ').next()?.parse().ok());
        nanoseconds.map_or_else(
            || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap(),
            Duration::from_nanos,
        )
    }

    fn end(&self, start: Duration) -> Duration {
        self.start() - start
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// One thread, CPU seconds.
#[allow(dead_code, reason = "some benches time one run")]
pub fn one_thread() -> criterion::Criterion<CpuTime> {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    criterion::Criterion::default().with_measurement(CpuTime)
}

/// The folder of real cities; says so where there is none.
#[allow(dead_code, reason = "some benches make their own data")]
pub fn real_cities() -> Option<PathBuf> {
    let data = std::env::var_os("COMMONGROUND_DATA").map(PathBuf::from);
    if data.is_none() {
        eprintln!("COMMONGROUND_DATA is not set: real cities are left out");
    }
    data
}
