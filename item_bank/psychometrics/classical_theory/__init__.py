"""Classical test theory: facility, discrimination, options and reliability, without a model of ability."""
