package cli

import (
	"io"
	"time"
)

// RunWithoutPauses is [Run] with commands that retry requests without a delay.
func RunWithoutPauses(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := session{pause: func(time.Duration) time.Duration { return 0 }}
	return s.run(args, stdin, stdout, stderr)
}
