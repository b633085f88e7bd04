package atlas_test

import (
	"testing"

	"github.com/atlasint/atlasint/internal/atlas"
)

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost": true, "127.0.0.1": true, "127.9.8.7": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "::ffff:10.0.0.1": false, "::1%eth0": false,
		"localhost.": false, "localhost.example.com": false, "127.0.0.1.example.com": false, "127.1": false,
		"0127.0.0.1": false, "2130706433": false, "127.0.0.1:80": false, "[::1]": false, " 127.0.0.1": false,
	} {
		if got := atlas.IsLoopback(host); got != want {
			t.Errorf("IsLoopback(%q) = %v, want %v", host, got, want)
		}
	}
}
