package cli

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/internal/redact"
)

// The variables that may hold what --store must not show.
const (
	storeVariable    = "ATLASINT_STORE"
	passwordVariable = "REDIS_PASSWORD"
)

const (
	memoryStore = "memory"
	filePrefix  = "file:"
)

// kept is the place of integrations. In memory it is the server's own, and nothing is to be closed.
type kept struct {
	store store.Store // nil: memory
	shown string      // for the screen, without a password
	close func() error
}

// inMemory tells whether what is stored ends with the server.
func (k *kept) inMemory() bool { return k.store == nil }

// settleStore takes the store of the environment where no flag names one.
func (f *serveFlags) settleStore(cmd *cobra.Command) {
	if env := os.Getenv(storeVariable); env != "" && !cmd.Flags().Changed("store") {
		f.store = env
		return
	}
	if u, err := url.Parse(f.store); err == nil && u.User != nil {
		if _, has := u.User.Password(); has {
			complain(cmd.ErrOrStderr(), "warning: other users of the machine can see the password in --store; set "+storeVariable+" in its place")
		}
	}
}

func (f *serveFlags) checkStore() error {
	kind, rest, _ := strings.Cut(f.store, ":") // what follows may hold a password
	switch {
	case f.store == memoryStore, kind == "redis", kind == "rediss":
		return nil
	case kind == "file" && rest == "":
		return exit.Usagef("--store file: names no file; write file:PATH such as file:atlas.db")
	case kind == "file":
		return nil
	}
	return exit.Usagef("there is no store %s; there are memory, file:PATH and redis://HOST:PORT", redact.Value(kind))
}

// openStore opens what --store names. A Redis that can't be reached yet is no reason not to start: replicas
// and their Redis start in any order.
func (f *serveFlags) openStore(cmd *cobra.Command) (*kept, error) {
	if f.store == memoryStore {
		return &kept{close: func() error { return nil }}, nil
	}
	if path, ok := strings.CutPrefix(f.store, filePrefix); ok {
		s, err := filestore.Open(path)
		if err != nil {
			return nil, exit.Failuref("%v", err)
		}
		return &kept{s, redact.Path(path), s.Close}, nil
	}
	s, err := redisstore.Open(withPassword(f.store, os.Getenv(passwordVariable)))
	switch {
	case errors.Is(err, redisstore.ErrAddress):
		return nil, exit.Usagef("--store: %v", err)
	case err != nil:
		return nil, exit.Failuref("%v", err)
	}
	switch warning, err := s.Inspect(context.Background()); {
	case errors.Is(err, redisstore.ErrRefused):
		return nil, exit.Failuref("%v; set %s, or %s", errors.Join(err, s.Close()), passwordVariable, storeVariable)
	case errors.Is(err, redisstore.ErrUnfit):
		return nil, exit.Failuref("%v", errors.Join(err, s.Close()))
	case err != nil:
		complain(cmd.ErrOrStderr(), "warning: "+err.Error()+"; requests are refused until that is over")
	case warning != "":
		complain(cmd.ErrOrStderr(), "warning: "+warning)
	}
	return &kept{s, "Redis at " + s.Address(), s.Close}, nil
}

// withPassword adds a password to an address that has none.
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
