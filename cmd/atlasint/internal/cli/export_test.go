package cli

import "time"

// WithoutPauses makes commands retry requests without a delay.
func WithoutPauses() { pause = func(time.Duration) time.Duration { return 0 } }
