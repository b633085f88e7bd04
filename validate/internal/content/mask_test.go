package content

import "testing"

func TestMasked(t *testing.T) {
	for text, want := range map[string]bool{
		"****":                        true,
		"****7890":                    true,
		"*7890":                       true, // of five characters
		"***7890":                     true,
		"*":                           true,
		"https://h.example/****cdef":  true,
		"":                            false,
		"7890":                        false,
		"a*b":                         false,
		"78*90":                       false,
		"*789":                        false, // Atlas shows four, or none
		"**abcde":                     false,
		"https://h.example/a*b***cde": false,
	} {
		if masked(text) != want {
			t.Errorf("%q is masked: %v, want %v", text, !want, want)
		}
	}
}
