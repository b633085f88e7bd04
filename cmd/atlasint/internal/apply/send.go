package apply

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/internal/redact"
)

// Project is a project in Atlas.
type Project struct {
	ID string
	// Client returns the client for an API version.
	Client func(apiVersion string) (*client.Client, error)
	// Reviewed stops before the first change of an integration that another client has changed since the comparison.
	Reviewed bool
}

// List returns the integrations of the project, once for each API version.
func (p *Project) List(ctx context.Context, apiVersions []string) ([]Remote, error) {
	var all []Remote
	for _, apiVersion := range apiVersions {
		c, err := p.Client(apiVersion)
		if err != nil {
			return nil, err
		}
		found, err := c.List(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, in := range found {
			all = append(all, Remote{Integration: in, APIVersion: apiVersion})
		}
	}
	return all, nil
}

// SendCallbacks has the functions that [Project.Send] calls. All are required and are called from its goroutine.
type SendCallbacks struct {
	Stopped func() bool            // reports whether to stop before the next change
	Text    func(error) string     // returns the message for an error
	Done    func(did, typ string)  // after a change: created, updated or deleted
	Warned  func(typ, text string) // before Done, if the payload is stored and its integration can't be read
	Failed  func(typ, text string) // after a change that failed
}

// sendError is the error of [Project.Send] if changes are missing.
type sendError struct {
	Errors           []error    // of the changes that failed, in the order of sending
	Stopped          bool       // SendCallbacks.Stopped ended the run
	Missing, Changes int        // numbers of changes: not made, and all
	cause            stopReason // zero if the run did not end early
}

// Error returns why changes are missing, how many, and the next step.
func (e *sendError) Error() string {
	text := fmt.Sprintf("%d of %d changes are missing; ", e.Missing, e.Changes)
	switch {
	case e.cause.text != "":
		return e.cause.text + ": " + text + e.cause.next
	case slices.ContainsFunc(e.Errors, isTemporary):
		return text + "run the command again to make them"
	}
	return text + "correct the errors, and run the command again"
}

// isTemporary reports whether the same request may succeed later.
func isTemporary(err error) bool {
	var apiErr *client.APIError
	return errors.As(err, &apiErr) && apiErr.Status >= http.StatusInternalServerError
}

// Send makes the changes of a plan, one after the other, and records their outcomes in d, the document of the plan.
// If a change fails, the next ones are still sent, unless the error would fail them too. Deletions are sent only
// if all other changes succeeded. The error is a [*sendError].
func (p *Project) Send(ctx context.Context, plan *Plan, d *Document, to SendCallbacks) error {
	run := &sendRun{project: p, doc: d, to: to}
	for i, s := range plan.Steps {
		if s.Action.Changes() {
			run.runStep(ctx, s, &d.Steps[i])
		}
	}
	if run.complete() {
		return nil
	}
	run.err.Missing = d.Summary.Failed + d.Summary.NotSent
	run.err.Changes = run.err.Missing + d.Summary.Done
	return &run.err
}

// sendRun is the state of [Project.Send].
type sendRun struct {
	project *Project
	doc     *Document
	to      SendCallbacks
	err     sendError
}

// complete reports whether no change is missing so far.
func (r *sendRun) complete() bool { return len(r.err.Errors) == 0 && !r.err.Stopped }

func (r *sendRun) runStep(ctx context.Context, s Step, entry *DocumentStep) {
	if r.err.cause == (stopReason{}) && r.to.Stopped() {
		r.stop()
	}
	if r.err.cause != (stopReason{}) || s.Action == Delete && !r.complete() {
		entry.Outcome = notSent
		r.doc.Summary.NotSent++
		return
	}
	did, err := r.project.change(ctx, s)
	var unread *client.UnreadError
	switch {
	case errors.As(err, &unread):
		r.to.Warned(s.Type, r.text(s, err))
	case err != nil:
		r.fail(s, entry, err)
		return
	}
	entry.Outcome = done
	r.doc.Summary.Done++
	r.to.Done(did, s.Type)
}

func (r *sendRun) fail(s Step, entry *DocumentStep, err error) {
	entry.Outcome, entry.Error = failed, r.text(s, err)
	r.doc.Summary.Failed++
	r.to.Failed(s.Type, entry.Error)
	r.err.Errors = append(r.err.Errors, err)
	r.err.cause = endsAll(err)
	var lost *client.TransportError
	if errors.As(err, &lost) && r.to.Stopped() { // a second signal ends the request, the first one the wait before a retry
		r.stop()
	}
}

// text returns the message for the error of a step.
func (r *sendRun) text(s Step, err error) string { return withoutExpanded(r.to.Text(err), s.Local) }

// stop ends the run after a signal.
func (r *sendRun) stop() {
	r.err.cause, r.err.Stopped = stopReason{"stopped by a signal", "run the command again to make them"}, true
}

// change makes one change and returns its verb in the past tense. After a [*client.UnreadError] it is made, too.
func (p *Project) change(ctx context.Context, s Step) (string, error) {
	c, err := p.Client(s.APIVersion)
	if err != nil {
		return "", err
	}
	if p.Reviewed {
		return p.changeReviewed(ctx, c, s)
	}
	if s.Action == Delete {
		err := c.Delete(ctx, p.ID, s.Type)
		if errors.Is(err, client.ErrNotConfigured) {
			err = nil // another client has deleted it
		}
		return "deleted", err
	}
	_, created, err := c.Apply(ctx, p.ID, s.Local.Payload)
	if created {
		return "created", err
	}
	return "updated", err
}

// withoutExpanded hides the values of references in a message of Atlas: any of them may be a secret.
func withoutExpanded(text string, l *Local) string {
	if l == nil {
		return text
	}
	fields := l.Document.Fields()
	var values []string
	for _, name := range l.Expanded {
		if value, ok := fields[name].(string); ok {
			values = append(values, value)
		}
	}
	return redact.Secrets(text, values)
}
