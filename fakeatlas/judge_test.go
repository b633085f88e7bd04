package fakeatlas

import "testing"

// Only of digits is it known what Atlas answers; a description that has other patterns must not be told of digits.
func TestWrongForm(t *testing.T) {
	for pattern, want := range map[string]string{
		"^[0-9A-Fa-f]{32}$":  "must be a hexadecimal string",
		"^([0-9a-f]){40}$":   "must be a hexadecimal string",
		"^glc_[0-9a-z]{16}$": "does not have the right form",
	} {
		if got := wrongForm(pattern); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}
