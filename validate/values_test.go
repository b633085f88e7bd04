package validate

import "testing"

func TestUnreachable(t *testing.T) {
	for host, want := range map[string]bool{
		"hooks.example.com":     false,
		"hooks.example.com.":    false,
		"example.com":           false,
		"a.example":             false,
		"svc.example.com":       false,
		"mail.google.com":       false,
		"notlocal.asvc":         false,
		"8.8.8.8":               false,
		"100.63.255.255":        false,
		"100.128.0.0":           false,
		"198.20.0.1":            false,
		"::ffff:8.8.8.8":        false,
		"2606:4700::1111":       false,
		"1.example.com":         false,
		"0x7f.example.com":      false,
		"203.0.113.9":           true,
		"192.0.2.1":             true,
		"192.0.0.1":             true,
		"198.51.100.7":          true,
		"198.19.255.255":        true,
		"240.0.0.1":             true,
		"255.255.255.255":       true,
		"0.1.2.3":               true,
		"224.0.0.1":             true,
		"100.64.0.1":            true,
		"172.16.0.1":            true,
		"::ffff:127.0.0.1":      true,
		"::ffff:203.0.113.9":    true,
		"2001:db8::1":           true,
		"3fff::1":               true,
		"fec0::1":               true,
		"64:ff9b::7f00:1":       true,
		"100::1":                true,
		"fe80::1%eth0":          true,
		"127.1":                 true,
		"127.1.":                true,
		"0x7f.1":                true,
		"0X7F.0.0.0x1":          true,
		"10.1":                  true,
		"10.0x1":                true,
		"0177.0.0.1":            true,
		"0177.0.0.01":           true,
		"2130706433":            true,
		"0x7f000001":            true,
		"127.0.0.1.1":           true,
		"256.1.1.1":             true,
		"a.1":                   true,
		"a.0x":                  true,
		"api.team.svc":          true,
		"api.svc.cluster.local": true,
		"hooks.corp":            true,
		"hooks.home":            true,
		"hooks.test":            true,
		"hooks.test.":           true,
		"hooks.invalid":         true,
		"nas.home.arpa":         true,
		"home.arpa":             true,
		"hooks.onion":           true,
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
		if unreachable(host) != want {
			t.Errorf("%s is unreachable: %v, want %v", host, !want, want)
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
