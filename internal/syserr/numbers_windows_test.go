package syserr_test

import (
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/internal/syserr"
)

// Windows has these numbers and texts in place of those of package syscall.
func TestNumbersOfWindows(t *testing.T) {
	for number, want := range map[syscall.Errno]struct {
		cause syserr.Cause
		text  string // "" for any
	}{
		5:     {syserr.NoAccess, "permission denied"},
		19:    {syserr.ReadOnly, "read-only file system"},
		112:   {syserr.NoSpace, "no space left on device"},
		232:   {syserr.ClosedPipe, ""},
		1921:  {syserr.LinkLoop, ""},
		10013: {syserr.NoAccess, "permission denied"},
		10024: {syserr.NoHandles, ""},
		10048: {syserr.AddressInUse, ""},
		10054: {syserr.Reset, "connection reset by peer"},
		10055: {syserr.NoLocalPort, ""},
		10061: {syserr.Refused, "connection refused"},
		10065: {syserr.Unreachable, ""},
	} {
		text := syserr.Text(number)
		if !want.cause.Is(number) {
			t.Errorf("%d (%s) has another cause", number, text)
		}
		if text[len(text)-1] == '.' {
			t.Errorf("%d: %q ends with a full stop", number, text)
		}
		if want.text != "" && text != want.text {
			t.Errorf("%d: got %q, want %q", number, text, want.text)
		}
	}
}
