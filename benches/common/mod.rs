//! What the benches share.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
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
pub fn one_thread() -> criterion::Criterion<CpuTime> {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    criterion::Criterion::default().with_measurement(CpuTime)
}
