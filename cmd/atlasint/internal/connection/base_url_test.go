package connection_test

import (
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
)

func TestTrustedBaseURLs(t *testing.T) {
	for url, want := range map[string]bool{
		"https://cloud.mongodb.com":              true,
		"https://cloud-dev.mongodb.com/":         true,
		"https://CLOUD.MongoDB.com":              true,
		"https://mongodb.com":                    true,
		"https://cloud.mongodbgov.com":           true,
		"http://127.0.0.1:8080":                  true,
		"http://localhost:8080":                  true,
		"https://[::1]:8443":                     true,
		"http://cloud.mongodb.com":               false,
		"https://cloud.mongodb.com:8443":         false,
		"https://evilmongodb.com":                false,
		"https://cloud.mongodb.com.evil.example": false,
		"https://cloud.mongodb.com@evil.example": false,
		"https://user@cloud.mongodb.com":         false,
		"https://evil.example/cloud.mongodb.com": false,
		"https://evil.example#.mongodb.com":      false,
		"https://evil.example?.mongodb.com":      false,
		`https://evil.example\.mongodb.com`:      false,
		"https://localhost.evil.example":         false,
		"http://127.0.0.1.evil.example":          false,
		"http://localhost@evil.example":          false,
		"http://0x7f000001":                      false,
		"http://10.0.0.1":                        false,
		"//cloud.mongodb.com":                    false,
		"cloud.mongodb.com":                      false,
		"ftp://cloud.mongodb.com":                false,
		"":                                       false,
		"https://[2001:db8::1%25.mongodb.com]":   false,
		"https://[fe80::1%25cloud.mongodb.com]":  false,
		"https://[::1%25.mongodb.com]":           false,
		"https://[::ffff:10.0.0.1]":              false,
		"https://[2001:db8::1]":                  false,
		"https://10.0.0.1":                       false,
		"https://evil.example%25.mongodb.com":    false,
		"https://evil.example%2f.mongodb.com":    false,
		"https://evil.example%00.mongodb.com":    false,
		"https://evil_.mongodb.com":              false,
		"https://evil.example／.mongodb.com":      false,
		"https://evil\u2024mongodb.com":          false,
		"https://.mongodb.com":                   false,
		"https://a..mongodb.com":                 false,
		"https://mongodb.com.":                   false,
		"https://com":                            false,
		"https://xmongodb.com":                   false,
		"https://mongodb.com.com":                false,
		"https:cloud.mongodb.com":                false,
		"https://cloud.mongodb.com:":             true,
		"https://a.b.mongodbgov.com/x":           true,
	} {
		if got := connection.IsTrusted(url); got != want {
			t.Errorf("%q: %t, want %t", url, got, want)
		}
	}
}
