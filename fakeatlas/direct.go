package fakeatlas

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/clock"
	"github.com/atlasint/atlasint/fakeatlas/internal/companions"
	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/payload"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/model"
	"github.com/atlasint/atlasint/validate"
)

// Seed stores payloads in a project as POST does. A payload is one of:
//
//   - JSON as bytes, as a string, or from a method JSON() json.RawMessage, as a payload of package client
//   - a generated struct such as atlasv2.OpsGenie, whose Type may be empty
//   - any other value that encoding/json encodes as an object
//   - a [*validate.Document] without findings of severity Error, which is not validated again
//
// All others are validated before one is stored: structs of gen/atlasv1 by the rules of v1.0, other payloads by those
// of v2, or of v1.0 where only that has the type.
//
// The error names a project that does not exist, or wraps a [*PayloadError]. It wraps [store.ErrExists] if the project
// has an integration of a payload's type, or another error of the store; the payloads before that one are stored then.
func (s *Server) Seed(project string, payloads ...any) error {
	if err := s.checkProject(project); err != nil {
		return err
	}
	seeds := make([]store.Integration, len(payloads))
	for i, seed := range payloads {
		in, err := s.checkSeed(project, seed)
		if err != nil {
			return fmt.Errorf("payload %d: %w", i+1, err)
		}
		seeds[i] = in
	}
	for i, in := range seeds {
		in.ID = s.newID()
		err := s.store.Create(context.Background(), project, s.forStore(in))
		s.events.Changed(events.State)
		if err != nil {
			return fmt.Errorf("payload %d: %s: %w", i+1, in.Type, err)
		}
	}
	return nil
}

func (s *Server) checkProject(project string) error {
	if !atlas.IsID(project) {
		return &projectError{Project: project, Malformed: true}
	}
	err := s.companions.Exists(context.Background(), project)
	var rejected *wire.Error
	if errors.As(err, &rejected) {
		return &projectError{Project: project}
	}
	return err
}

func (s *Server) checkSeed(project string, seed any) (store.Integration, error) {
	p, err := s.parseSeed(seed)
	if err != nil {
		return store.Integration{}, &PayloadError{Project: project, Type: model.Name(seed), Findings: []validate.Finding{
			{Rule: "syntax", Severity: validate.Error, Message: err.Error()},
		}}
	}
	typ, _ := p.Fields["type"].(string)
	if len(p.Findings) > 0 {
		findings := p.Findings
		if _, isJSON := model.Document(seed); !isJSON {
			findings = withoutPlaces(findings)
		}
		return store.Integration{}, &PayloadError{project, knownType(typ), findings}
	}
	asPosted := &call{apiVersion: cmp.Or(model.Version(seed), apiVersionFor(typ)), typ: typ}
	return store.Integration{Type: typ, Fields: asPosted.withDefaults(p.Own())}, nil
}

// parseSeed validates a payload by the rules that [Server.Seed] names.
func (s *Server) parseSeed(seed any) (*payload.Payload, error) {
	if doc, ok := seed.(*validate.Document); ok && doc != nil {
		return s.payloadRules(doc.APIVersion, doc.Type).Of(doc), nil
	}
	body, err := model.Encode(seed)
	if err != nil {
		return nil, err
	}
	if version := model.Version(seed); version != "" {
		return s.payloadRules(version, "").Parse(body), nil
	}
	p := s.payloadRules(schemas.V2, "").Parse(body)
	if typ, _ := p.Fields["type"].(string); apiVersionFor(typ) == schemas.V1 {
		p = s.payloadRules(schemas.V1, "").Parse(body)
	}
	return p, nil
}

// strictFindings returns the findings about fields that are stored unchanged: no field counts as not sent.
func (s *Server) strictFindings(apiVersion string, body []byte) []validate.Finding {
	return s.payloadRules(apiVersion, "").ParseStrict(body).Findings
}

// apiVersionFor returns the API version whose rules apply to a type outside a request: v1.0 for a type that only v1.0
// has, else v2.
func apiVersionFor(typ string) string {
	if atlas.Find(schemas.V2, typ) == nil && atlas.Find(schemas.V1, typ) != nil {
		return schemas.V1
	}
	return schemas.V2
}

func knownType(typ string) string {
	if atlas.Find(schemas.V2, typ) == nil && atlas.Find(schemas.V1, typ) == nil {
		return ""
	}
	return typ
}

// Integration returns the stored integration of a type, and whether there is one. Secrets are as they were sent if the
// store keeps secrets, as the default store does; otherwise they are masked. The caller owns the result.
//
// It also reports false if the store fails, which it logs as for a request, see [WithLogger]. The default store never
// fails to read. To see the failure of another one, call its method Get or [Server.Snapshot], which return the error.
func (s *Server) Integration(project, typ string) (store.Integration, bool) {
	in, err := s.store.Get(context.Background(), project, typ)
	if err != nil {
		s.logFailure(err)
		return store.Integration{}, false
	}
	return in.Clone(), true
}

// Integrations returns the stored integrations of a project, in the order of the API's lists. It returns nil if the
// store fails, and logs that. Secrets are as in [Server.Integration]. The caller owns the result.
func (s *Server) Integrations(project string) []store.Integration {
	list, err := s.store.List(context.Background(), project)
	if err != nil {
		s.logFailure(err)
		return nil
	}
	for i, in := range list {
		list[i] = in.Clone()
	}
	slices.SortFunc(list, func(a, b store.Integration) int { return cmp.Compare(atlas.Rank(a.Type), atlas.Rank(b.Type)) })
	return list
}

// DeleteIntegration removes the stored integration of a type. It returns [store.ErrNotFound] if there is none, and
// [store.ErrInUse] for a WEBHOOK that an alert configuration uses.
func (s *Server) DeleteIntegration(project, typ string) error {
	defer s.events.Changed(events.State)
	return s.store.Delete(context.Background(), project, typ)
}

// Snapshot returns everything stored, in the form that [Server.Restore] accepts. Secrets are as in
// [Server.Integration]. The caller owns the result.
func (s *Server) Snapshot() (store.State, error) {
	state, err := s.store.Snapshot(context.Background())
	for id, contents := range state {
		for i, in := range contents.Integrations {
			contents.Integrations[i] = in.Clone()
		}
		for i, a := range contents.Alerts {
			contents.Alerts[i] = a.Clone()
		}
		if contents.Project != nil {
			record := companions.Clone(*contents.Project)
			contents.Project = &record
			state[id] = contents
		}
	}
	return state, err
}

// Restore replaces everything that is stored. It validates every record, every payload and every alert configuration
// first, as [Server.Seed] and requests do, and changes nothing if it returns a [*PayloadError], an error that names a
// project that does not exist, [store.ErrExists] for two integrations of one type, [store.ErrNameTaken] for two
// projects of one name, or a [*store.SnapshotError] for a record or an alert configuration that no request could have
// made. An integration without an ID gets one. A store that keeps masks accepts the masks of its own snapshots.
func (s *Server) Restore(state store.State) error {
	checked := make(store.State, len(state))
	for _, project := range slices.Sorted(maps.Keys(state)) {
		contents, err := s.checkContents(project, state[project])
		if err != nil {
			return err
		}
		checked[project] = contents
	}
	if err := companions.CheckNames(checked); err != nil {
		return err
	}
	defer s.events.Changed(events.State)
	return s.store.Restore(context.Background(), checked)
}

// checkContents validates the part of a snapshot for one project. A record makes the project exist.
func (s *Server) checkContents(project string, contents store.Contents) (store.Contents, error) {
	if !atlas.IsID(project) {
		return contents, &projectError{Project: project, Malformed: true}
	}
	if contents.Deleted {
		if contents.Project != nil || len(contents.Integrations) > 0 || len(contents.Alerts) > 0 {
			return contents, fmt.Errorf("project %s has other members than deleted: %w", project, store.ErrDeleted)
		}
		return store.Contents{Deleted: true}, nil
	}
	if contents.Project == nil && s.config.projects != nil && !s.config.projects[project] {
		return contents, &projectError{Project: project}
	}
	if contents.Project != nil {
		record, err := companions.CheckRecord(project, *contents.Project)
		if err != nil {
			return contents, recordError(project, err)
		}
		contents.Project = &record
	}
	list, err := s.checkAll(project, contents.Integrations)
	if err != nil {
		return contents, fmt.Errorf("project %s: %w", project, err)
	}
	contents.Integrations = list
	alerts, err := s.companions.CheckAlerts(contents.Alerts, list)
	if err != nil {
		return contents, alertError(project, err)
	}
	contents.Alerts = alerts
	return contents, nil
}

func (s *Server) checkAll(project string, list []store.Integration) ([]store.Integration, error) {
	seen := map[string]bool{}
	checked := make([]store.Integration, 0, len(list))
	for _, in := range list {
		if err := s.checkStored(project, in); err != nil {
			return nil, err
		}
		if seen[in.Type] {
			return nil, fmt.Errorf("%s: %w", in.Type, store.ErrExists)
		}
		seen[in.Type] = true
		if in.ID == "" {
			in.ID = s.newID()
		}
		checked = append(checked, s.forStore(in.Clone()))
	}
	return checked, nil
}

// checkStored validates a stored integration, which requests to both API versions may have written. A finding counts
// only if both API versions reject the field.
func (s *Server) checkStored(project string, in store.Integration) error {
	fields := maps.Clone(in.Fields)
	if fields == nil {
		fields = map[string]any{}
	}
	fields["type"] = in.Type
	body := wire.Encode(fields)
	findings := s.strictFindings(apiVersionFor(in.Type), body)
	if atlas.Find(schemas.V2, in.Type) != nil && atlas.Find(schemas.V1, in.Type) != nil && len(findings) > 0 {
		other := s.strictFindings(schemas.V1, body)
		findings = slices.DeleteFunc(findings, func(f validate.Finding) bool {
			return !slices.ContainsFunc(other, func(o validate.Finding) bool { return o.Pointer == f.Pointer })
		})
	}
	findings = slices.DeleteFunc(findings, func(f validate.Finding) bool { return !s.plain && payload.HasMask(in, payload.FieldName(f)) })
	findings = append(withoutPlaces(findings), checkIdentity(in)...)
	if len(findings) == 0 {
		return nil
	}
	return &PayloadError{project, knownType(in.Type), findings}
}

// checkIdentity returns the findings about the ID, and of an ID or a type among the fields.
func checkIdentity(in store.Integration) []validate.Finding {
	var findings []validate.Finding
	if in.ID != "" && !atlas.IsID(in.ID) {
		findings = append(findings, validate.Finding{
			Pointer: "/id", Rule: "wrong-type", Severity: validate.Error, Message: "the id is not 24 hexadecimal digits in lower case",
		})
	}
	for _, name := range []string{"id", "type"} {
		if _, ok := in.Fields[name]; ok {
			findings = append(findings, validate.Finding{
				Pointer: "/" + name, Rule: "unknown-field", Severity: validate.Error,
				Message: name + " must not be one of the fields; set it in the integration",
			})
		}
	}
	return findings
}

// SetClock stops the server's clock at t. Tokens expire, nonces become stale and token buckets refill by this clock.
// The zero time starts the clock again at the time of the machine. A time outside the years 1 to 9998 changes nothing.
func (s *Server) SetClock(t time.Time) { s.moveClock(func(c *clock.Clock) bool { return c.Set(t) }) }

// Advance moves the server's clock, stopped or not, forward by d, or back if d is negative. A move outside the
// years 1 to 9998 changes nothing.
func (s *Server) Advance(d time.Duration) {
	s.moveClock(func(c *clock.Clock) bool { return c.Advance(d) })
}

// moveClock reports whether the clock was moved. A verifier accepts no nonce from before its own start, and measures no
// time longer than 292 years. It is therefore replaced when the clock goes back, or forward by more than the lifetime
// of a nonce.
func (s *Server) moveClock(move func(*clock.Clock) bool) bool {
	before := s.clock.Now()
	if !move(s.clock) {
		return false
	}
	s.events.Changed(events.Clock)
	if now := s.clock.Now(); now.Before(before) || now.Sub(before) > digest.DefaultLifetime {
		s.auth.RenewNonces()
	}
	return true
}
