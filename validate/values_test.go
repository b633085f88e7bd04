package validate

import "testing"

func TestPrivate(t *testing.T) {
	for host, want := range map[string]bool{
		"hooks.example.com":     false,
		"hooks.example.com.":    false,
		"203.0.113.9":           false,
		"2001:db8::1":           false,
		"local.example.com":     false,
		"127.0.0.1":             true,
		"::1":                   true,
		"10.0.0.7":              true,
		"192.168.1.1":           true,
		"fd00::1":               true,
		"169.254.169.254":       true, // where clouds tell their machines secrets
		"fe80::1":               true,
		"0.0.0.0":               true,
		"::":                    true,
		"localhost":             true,
		"LOCALHOST.":            true,
		"intranet":              true,
		"a.localhost":           true,
		"printer.local":         true,
		"printer.LOCAL.":        true,
		"metadata.gcp.internal": true,
		"nas.lan":               true,
	} {
		if private(host) != want {
			t.Errorf("%s is private: %v, want %v", host, !want, want)
		}
	}
}

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
