package serving

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"unicode"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/internal/redact"
)

// The environment variables for stores, which may contain passwords.
const (
	StoreVariable    = "ATLASINT_STORE"
	PasswordVariable = "REDIS_PASSWORD"
)

// The names of stores, or how they begin.
const (
	MemoryStore = "memory"
	FilePrefix  = "file:"
)

// storage is an open store.
type storage struct {
	store store.Store // nil for the memory of the server
	name  string      // for people, without a password
	close func() error
}

// inMemory reports whether the integrations are lost when the server ends.
func (s *storage) inMemory() bool { return s.store == nil }

// checkStore returns an error if name is not the name of a store.
func checkStore(name string) error {
	kind, rest, _ := strings.Cut(name, ":") // the rest may contain a password
	switch {
	case name == MemoryStore, kind == "redis", kind == "rediss":
		return nil
	case kind == "file" && rest == "":
		return problem.Inputf("--store file: has no path; write file:PATH such as file:atlas.db")
	case kind == "file":
		return nil
	}
	if !isStoreKind(kind) || strings.Contains(rest, "@") {
		return problem.Inputf("unknown store; use memory, file:PATH or redis://HOST:PORT")
	}
	return problem.Inputf("unknown store %s; use memory, file:PATH or redis://HOST:PORT", redact.Value(kind))
}

// isStoreKind reports whether a text has the form of a kind of store: letters and digits. Any other text may be an
// address with a mistake, and so contain a password.
func isStoreKind(s string) bool {
	return len(s) <= maxStoreKind && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// maxStoreKind is the length of the longest kind that an error shows.
const maxStoreKind = 10

// openStore opens a store by its name. It calls warn for problems that do not stop the server, such as a Redis that
// can't be reached yet: servers and their Redis start in any order.
func openStore(name string, warn func(text string)) (*storage, error) {
	if name == MemoryStore {
		return &storage{close: func() error { return nil }}, nil
	}
	if path, ok := strings.CutPrefix(name, FilePrefix); ok {
		s, err := filestore.Open(path)
		if err != nil {
			return nil, problem.Of(problem.Failure, err)
		}
		return &storage{s, redact.Path(path), s.Close}, nil
	}
	s, err := redisstore.Open(withPassword(name, os.Getenv(PasswordVariable)))
	if err != nil { // about the address: nothing was connected
		return nil, problem.Inputf("--store: %w", err)
	}
	var failure *store.Failure
	switch warning, err := s.Inspect(context.Background()); {
	case errors.As(err, &failure) && failure.WrongCredentials:
		return nil, problem.Failuref("%w; set %s, or %s", errors.Join(err, s.Close()), PasswordVariable, StoreVariable)
	case err != nil:
		return nil, problem.Of(problem.Failure, errors.Join(err, s.Close()))
	case warning != "":
		warn(warning)
	}
	return &storage{s, "Redis at " + s.Address(), s.Close}, nil
}

// withPassword returns the address with a password, unless it has one.
func withPassword(address, password string) string {
	u, err := url.Parse(address)
	if err != nil || password == "" {
		return address
	}
	if _, has := u.User.Password(); !has {
		u.User = url.UserPassword(u.User.Username(), password)
	}
	return u.String()
}
