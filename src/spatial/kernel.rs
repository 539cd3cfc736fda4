//! How weight falls with distance.

/// How much somebody or something at a distance counts; 1 at no distance.
///
/// The bandwidth is the distance at which the first four reach nothing; of the last two it is the scale, and what is
/// farther than their reach counts for nothing. u is distance over bandwidth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kernel {
    /// 1 up to the bandwidth (included).
    Uniform,
    /// 1 - u.
    Triangular,
    /// 1 - u².
    Epanechnikov,
    /// (1 - u²)²: the one of Reardon & O'Sullivan (2004).
    Quartic,
    /// exp(-u²/2), up to 4 bandwidths.
    Gaussian,
    /// exp(-u), up to 12 bandwidths.
    Exponential,
}

impl Kernel {
    /// Every kernel.
    pub const ALL: [Self; 6] = [
        Self::Uniform,
        Self::Triangular,
        Self::Epanechnikov,
        Self::Quartic,
        Self::Gaussian,
        Self::Exponential,
    ];

    /// Name in Python.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Gaussian => "gaussian",
            Self::Exponential => "exponential",
        }
    }

    /// The kernel with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kernel| kernel.name() == name)
    }

    /// Weight at `u` bandwidths (of metres, or of minutes), 0 to 1; `u` ≥ 0.
    #[must_use]
    pub fn weight(self, u: f64) -> f64 {
        if u > self.reach() {
            return 0.0;
        }
        match self {
            Self::Uniform => 1.0,
            Self::Triangular => 1.0 - u,
            Self::Epanechnikov => 1.0 - u * u,
            Self::Quartic => (1.0 - u * u) * (1.0 - u * u),
            Self::Gaussian => (-u * u / 2.0).exp(),
            Self::Exponential => (-u).exp(),
        }
    }

    /// Bandwidths beyond which nothing counts.
    #[must_use]
    pub const fn reach(self) -> f64 {
        match self {
            Self::Uniform | Self::Triangular | Self::Epanechnikov | Self::Quartic => 1.0,
            Self::Gaussian => 4.0,
            Self::Exponential => 12.0,
        }
    }
}
