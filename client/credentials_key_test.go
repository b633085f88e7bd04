package client_test

import (
	"bytes"
	"testing"

	"github.com/atlasint/atlasint/client"
)

// Equal credentials and purposes have equal keys, and no others.
func TestDeriveKey(t *testing.T) {
	keys := [][]byte{
		client.APIKey("public", "private").DeriveKey("a"), client.APIKey("public", "private").DeriveKey("b"),
		client.APIKey("public", "Private").DeriveKey("a"), client.ServiceAccount("id", "secret").DeriveKey("a"),
		client.AccessToken("token").DeriveKey("a"),
	}
	if !bytes.Equal(keys[0], client.APIKey("public", "private").DeriveKey("a")) {
		t.Error("equal credentials have different keys")
	}
	for i, key := range keys {
		for _, other := range keys[:i] {
			if len(key) != 32 || bytes.Equal(key, other) || bytes.Contains(key, []byte("private")) {
				t.Errorf("key %d is %x", i, key)
			}
		}
	}
}
