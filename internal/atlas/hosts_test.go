package atlas_test

import (
	"testing"

	"github.com/atlasint/atlasint/internal/atlas"
)

func TestIsHost(t *testing.T) {
	for host, want := range map[string]bool{
		"cloud.mongodb.com": true, "mongodb.com": true, "a.b.mongodbgov.com": true,
		"": false, "com": false, "mongodb.com.": false, ".mongodb.com": false, "xmongodb.com": false, "mongodb.org": false,
		"mongodb.com.example": false, "cloud_.mongodb.com": false, "::1%25.mongodb.com": false,
	} {
		if got := atlas.IsHost(host); got != want {
			t.Errorf("IsHost(%q) = %v, want %v", host, got, want)
		}
	}
}

func TestIsGovernment(t *testing.T) {
	for base, want := range map[string]bool{
		"https://cloud.mongodbgov.com": true, "https://CLOUD.MongoDBGov.com:443/x": true, "https://mongodbgov.com": true,
		"https://cloud.mongodb.com": false, "https://xmongodbgov.com": false, "https://mongodbgov.com.example": false,
		"https://example/mongodbgov.com": false, "cloud.mongodbgov.com": false, "https://%zz": false, "": false,
	} {
		if got := atlas.IsGovernment(base); got != want {
			t.Errorf("IsGovernment(%q) = %v, want %v", base, got, want)
		}
	}
}
