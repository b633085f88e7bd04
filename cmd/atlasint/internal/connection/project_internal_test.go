package connection

import "testing"

// Spellings of a server are the same server, and others are not.
func TestNormal(t *testing.T) {
	for base, want := range map[string]string{
		"https://cloud.mongodb.com:443/": "https://cloud.mongodb.com",
		"HTTPS://Cloud.MongoDB.com//":    "https://cloud.mongodb.com",
		"http://localhost:80":            "http://localhost",
		"http://[::1]:80/":               "http://[::1]",
		"http://localhost:443":           "http://localhost:443",
		"https://localhost:80":           "https://localhost:80",
		"http://localhost:8080":          "http://localhost:8080",
		"https://localhost:8443/Path/":   "https://localhost:8443/Path",
	} {
		if got := normal(base); got != want {
			t.Errorf("%s: %s, want %s", base, got, want)
		}
	}
}
