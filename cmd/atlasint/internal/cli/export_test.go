package cli

import "time"

// WithoutPauses has commands repeat requests at once.
func WithoutPauses() { pause = func(time.Duration) time.Duration { return 0 } }
