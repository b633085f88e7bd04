package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/internal/apply"
)

// sending is a run of changes, and how it went so far.
type sending struct {
	*comparison
	cmd   *cobra.Command
	doc   *document
	quiet bool
	code  int
	over  string // why no more is sent; empty: more is
}

// send makes the changes, one after the other, and notes in the document what came of each. What fails for
// one payload does not keep the next from being sent; what would fail for all of them does. Deletions
// are made only if everything before them went well.
func (c *comparison) send(cmd *cobra.Command, d *document, quiet bool) error {
	ctx, release := c.atlas.heed(cmd)
	defer release()
	run := &sending{comparison: c, cmd: cmd, doc: d, quiet: quiet}
	for i, s := range c.steps {
		if s.Action.Changes() {
			run.step(ctx, s, &d.Steps[i])
		}
	}
	if run.code == exitOK {
		return nil
	}
	return &exitError{run.code, remains(d, run.over)}
}

// step makes a change, if it is to be made still.
func (r *sending) step(ctx context.Context, s apply.Step, entry *stepEntry) {
	if r.over == "" && r.atlas.stopped() {
		r.over, r.code = "a signal ended the run", exitFailure
	}
	if r.over != "" || s.Action == apply.Delete && r.code != exitOK {
		entry.Outcome = notSent
		r.doc.Summary.NotSent++
		return
	}
	did, err := r.make(ctx, s)
	if err != nil {
		r.fail(s, entry, err)
		return
	}
	entry.Outcome = done
	r.doc.Summary.Done++
	if !r.quiet {
		fmt.Fprintf(r.cmd.OutOrStdout(), "%s %s\n", did, s.Type)
	}
}

func (r *sending) fail(s apply.Step, entry *stepEntry, err error) {
	entry.Outcome, entry.Error = failed, withoutExpanded(inFlags(err.Error()), s.Local)
	r.doc.Summary.Failed++
	complain(r.cmd.ErrOrStderr(), s.Type+": "+entry.Error)
	r.code = max(r.code, codeOf(err, true))
	r.over = endsAll(err)
}

// remains says what to do about what was not done.
func remains(d *document, over string) string {
	text := "not all was done"
	if over != "" {
		text = over
	}
	left := d.Summary.Failed + d.Summary.NotSent
	return fmt.Sprintf("%s: %d of %d changes are missing; run it again to make them", text, left, left+d.Summary.Done)
}

// make makes one change and tells it in a word.
func (c *comparison) make(ctx context.Context, s apply.Step) (string, error) {
	to, err := c.atlas.client(s.Generation)
	if err != nil {
		return "", err
	}
	if s.Action == apply.Delete {
		err := to.Delete(ctx, c.atlas.project, s.Type)
		if errors.Is(err, client.ErrNotConfigured) {
			err = nil // somebody else was quicker, and it is as it should be
		}
		return "deleted", err
	}
	_, did, err := to.Apply(ctx, c.atlas.project, s.Local.Payload)
	return string(did) + "d", err
}

// withoutExpanded hides what references stand for, should Atlas repeat it: it may be a secret in any field.
func withoutExpanded(text string, l *apply.Local) string {
	if l == nil {
		return text
	}
	var fields map[string]any
	_ = json.Unmarshal(l.Payload.JSON(), &fields) // a payload is an object
	for _, name := range l.Expanded {
		if value, ok := fields[name].(string); ok && len(value) > 1 {
			text = strings.ReplaceAll(text, value, "(hidden)")
		}
	}
	return text
}

// endsAll tells why the next request would fail as this one did; empty if it may go well.
func endsAll(err error) string {
	var lost *client.TransportError
	var refused *client.APIError
	switch {
	case errors.As(err, &lost):
		return "the server can't be reached as it should"
	case !errors.As(err, &refused):
		return ""
	case errors.Is(err, client.ErrProjectNotFound):
		return "there is no such project"
	case refused.Status == http.StatusUnauthorized, refused.Status == http.StatusForbidden:
		return "the credentials are not accepted for this"
	case refused.Status == http.StatusTooManyRequests:
		return "Atlas takes no more requests for now"
	}
	return ""
}

// heed lets signals end the run: the first one after the request under way, the second one at once.
func (a *atlas) heed(cmd *cobra.Command) (context.Context, func()) {
	ctx, cancel := context.WithCancel(cmd.Context())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			close(a.stopping)
			complain(cmd.ErrOrStderr(), "stopping after the request under way; a second signal stops at once")
		case <-ctx.Done():
			return
		}
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

func (a *atlas) stopped() bool {
	select {
	case <-a.stopping:
		return true
	default:
		return false
	}
}
