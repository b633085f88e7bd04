package store

import (
	"context"
	"time"
)

// TextStore is a store that also keeps short texts, by kind and name. Its server stores there the data that must
// outlast the server: the key of its nonces, under the kind "key", and for each valid access token, under the kind
// "token", the token's hash. A text with a life of 0 does not expire; others expire when their life has passed by the
// clock of the store. All methods are atomic and safe for concurrent use.
type TextStore interface {
	// AddText stores the text unless there is one of this name, and returns the one that is stored then. Of two servers
	// that add their own key at the same time, both get the same one.
	AddText(ctx context.Context, kind, name, text string, life time.Duration) (string, error)
	// GetText returns ErrNotFound if there is none.
	GetText(ctx context.Context, kind, name string) (string, error)
	// DeleteText removes a text, such as a revoked token; a missing text is not an error.
	DeleteText(ctx context.Context, kind, name string) error
	// DeleteTexts removes all texts of a kind, such as all tokens for a reset.
	DeleteTexts(ctx context.Context, kind string) error
}

// SharedStore is a store that several servers share. It remembers the uses of nonces for all of them, so that two
// servers don't accept the same use, and they share token buckets. DeleteTexts of its [TextStore] also removes the
// buckets of a kind. Its server uses the kind "nonce" for nonces, and "limit" for buckets.
type SharedStore interface {
	TextStore
	// Era returns the era of a kind, such as of nonces: the time in which the store remembers every name that was passed
	// to UseOnce. Without an era the proposal becomes the era, and likewise once the store may have forgotten a name:
	// after it lost data, was restarted, or was replaced with its copy. A proposal must be new, and impossible to guess.
	// Servers accept only nonces of the present era.
	Era(ctx context.Context, kind, proposal string) (string, error)
	// UseOnce reports whether a name, such as a nonce with its counter, is used for the first time in an era, and
	// remembers it for at least life. It reports false for every era but the present one.
	UseOnce(ctx context.Context, kind, era, name string, life time.Duration) (bool, error)
	// Take takes a token from the bucket of a kind and name, if it has one. The time is the caller's: clocks of
	// servers may differ, and one that is more than an interval behind begins a new interval, so that servers whose
	// clocks differ by more don't limit each other. A bucket that was never used, or was not used for an hour after it
	// was full again, is full.
	Take(ctx context.Context, kind, name string, b Bucket, now time.Time) (TakeResult, error)
}

// Failure is an error of a store whose text is safe to log: it contains no secret, and no address with a password.
// Other errors of stores are never shown.
type Failure struct {
	Text  string // the cause, and the next step
	Cause error  // not shown; nil if there is none

	WrongCredentials bool // the store does not accept the user or the password
}

// Error returns the text.
func (f *Failure) Error() string { return f.Text }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }
