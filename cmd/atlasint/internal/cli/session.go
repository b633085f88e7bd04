package cli

import (
	"context"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// session is the state of one command line.
type session struct {
	pause   func(time.Duration) time.Duration // returns how long to wait instead; nil: as long
	writers sync.Mutex                        // guards those of the command: withProgress replaces them, and a signal prints at any time
}

type sessionKey struct{}

// context returns the context of the command, from which [sessionOf] takes the session.
func (s *session) context() context.Context {
	return context.WithValue(context.Background(), sessionKey{}, s)
}

func sessionOf(cmd *cobra.Command) *session { return cmd.Context().Value(sessionKey{}).(*session) }
