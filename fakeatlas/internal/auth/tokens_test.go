package auth

import (
	"testing"
	"time"
)

// The number of valid tokens is bounded. A further one makes the oldest invalid.
func TestTokensAreBounded(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tokens := newTokens(func() time.Time { return now }, nil)
	issue := func() string {
		now = now.Add(1)
		token, err := tokens.Issue(t.Context(), "client")
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	isValid := func(token string) bool {
		client, valid, err := tokens.clientOf(t.Context(), token)
		if err != nil || valid && client != "client" {
			t.Fatal(client, err)
		}
		return valid
	}
	first, second := issue(), issue()
	for range maxTokens - 2 {
		issue()
	}
	if !isValid(first) || !isValid(second) {
		t.Fatal("a token expires too early")
	}
	last := issue()
	if n := len(tokens.expires); n != maxTokens {
		t.Errorf("%d tokens are kept, want %d", n, maxTokens)
	}
	if isValid(first) || !isValid(second) || !isValid(last) {
		t.Error("the invalid token is not the oldest one")
	}
	now = now.Add(tokenLife)
	issue()
	if n := len(tokens.expires); n != 1 {
		t.Errorf("%d tokens are kept after all but one have expired", n)
	}
}

// After the clock was set back, the oldest token is still the one that was issued first.
func TestTokensOfAnEarlierClock(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tokens := newTokens(func() time.Time { return now }, nil)
	var names []string
	for i := range maxTokens + 2 {
		if i == maxTokens {
			now = now.Add(-time.Minute)
		}
		token, err := tokens.Issue(t.Context(), "client")
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, token)
	}
	if n := len(tokens.expires); n != maxTokens {
		t.Errorf("%d tokens are kept, want %d", n, maxTokens)
	}
	for i, name := range names {
		_, valid, err := tokens.clientOf(t.Context(), name)
		if want := i >= 2; valid != want || err != nil {
			t.Errorf("token %d: valid is %v, want %v (%v)", i, valid, want, err)
		}
	}
}
