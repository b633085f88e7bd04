package fakeatlas

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// modelTest is a server and a model of its integrations. The model uses the validator for bodies, has its own code to
// merge fields, and reads masks from responses: it shares no code with the server.
type modelTest struct {
	strict     bool // StrictFields
	a          *apiClient
	t          *rapid.T
	validators map[validatorKey]*validate.Validator
	model      map[string]map[string]*kept // by project and type
}

type kept struct {
	id     string
	fields map[string]any
}

var testProjects = []string{testProject, "111111111111111111111111"}

func newModelTest(t *rapid.T, strict bool) *modelTest {
	var opts []Option
	if strict {
		opts = append(opts, WithChoices(Choices{StrictFields: true}))
	}
	w := &modelTest{strict: strict, a: newAPIClient(t, schemas.V2, opts...), t: t, validators: newValidators(t, strict), model: map[string]map[string]*kept{}}
	for _, project := range testProjects {
		w.model[project] = map[string]*kept{}
	}
	return w
}

type validatorKey struct {
	apiVersion, typ string
	operation       validate.Operation
}

// newValidators makes a validator for each API version, type and operation. A strict server rejects updates for which
// the rule required has a warning.
func newValidators(t failer, strict bool) map[validatorKey]*validate.Validator {
	t.Helper()
	validators := map[validatorKey]*validate.Validator{}
	for _, typ := range schemas.Types {
		for _, operation := range []validate.Operation{validate.Create, validate.Update} {
			opts := validate.Options{APIVersion: typ.APIVersion, Type: typ.Name, Operation: operation, Literals: true}
			if strict {
				opts.Severities = map[string]validate.Severity{"required": validate.Error}
			}
			v, err := validate.New(opts)
			if err != nil {
				t.Fatal(err)
			}
			validators[validatorKey{typ.APIVersion, typ.Name, operation}] = v
		}
	}
	return validators
}

// at returns a client of a random project and API version, and a type of that version.
func (m *modelTest) at() (*apiClient, string) {
	a := m.a.withVersion(rapid.SampledFrom(apiVersions).Draw(m.t, "API version"))
	a.t = m.t
	a.project = rapid.SampledFrom(testProjects).Draw(m.t, "project")
	return a, rapid.SampledFrom(typeNames(a.apiVersion)).Draw(m.t, "type")
}

// Property 5: the fake accepts every payload that the validator accepts, and rejects those with errors. Unless it is
// strict, an empty optional field is as if not sent.
func TestFakeAgreesWithValidator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newModelTest(t, rapid.Bool().Draw(t, "strict"))
		t.Repeat(map[string]func(*rapid.T){
			"post":   func(t *rapid.T) { w.t = t; w.post() },
			"put":    func(t *rapid.T) { w.t = t; w.put() },
			"put 2":  func(t *rapid.T) { w.t = t; w.put() }, // the richest of the operations
			"get":    func(t *rapid.T) { w.t = t; w.get() },
			"delete": func(t *rapid.T) { w.t = t; w.delete() },
			"":       func(t *rapid.T) { w.t = t; w.wantModel() },
		})
	})
}

func (m *modelTest) post() {
	a, typ := m.at()
	body := m.body(a, typ)
	before := a.stored()
	got := a.do("POST", "/"+typ, body)
	sent, faults := m.validate(a.apiVersion, typ, body, validate.Create)
	switch {
	case len(faults) > 0:
		m.rejected(a, got, 400, body, before)
	case m.model[a.project][typ] != nil:
		m.rejected(a, got, 409, body, before)
	default:
		m.accepted(a, got, body)
		m.model[a.project][typ] = created(a.apiVersion, typ, sent)
	}
}

func (m *modelTest) put() {
	a, typ := m.at()
	body := m.body(a, typ)
	before, old := a.stored(), m.model[a.project][typ]
	masks := m.masks(a, typ)
	got := a.do("PUT", "/"+typ, body)
	operation := validate.Update
	if old == nil {
		operation = validate.Create
	}
	sent, faults := m.validate(a.apiVersion, typ, body, operation)
	all := sentFields(body)
	if old != nil {
		faults = slices.DeleteFunc(faults, func(f validate.Finding) bool {
			name := strings.TrimPrefix(f.Pointer, "/")
			return unset(a.apiVersion, typ, name, all) && f.Rule != "duplicate-key" ||
				hasKey(old.fields, name) && f.Rule == "masked-value" && hasKey(masks, name) && masks[name] == sent[name]
		})
	}
	if len(faults) > 0 {
		m.rejected(a, got, 400, body, before)
		return
	}
	m.accepted(a, got, body)
	if old == nil {
		m.model[a.project][typ] = created(a.apiVersion, typ, sent)
		return
	}
	for name := range all {
		if unset(a.apiVersion, typ, name, all) {
			delete(old.fields, name)
			delete(sent, name)
		}
	}
	for name, value := range sent {
		if mask, ok := masks[name]; !ok || mask != value {
			old.fields[name] = value
		}
	}
}

// validate returns the fields of a body that count as sent, and the errors in it.
func (m *modelTest) validate(apiVersion, typ, body string, operation validate.Operation) (map[string]any, []validate.Finding) {
	validator := m.validators[validatorKey{apiVersion, typ, operation}]
	faults := errorsOf(validator.Check("", []byte(body)))
	sent := sentFields(body)
	if m.strict || slices.ContainsFunc(faults, func(f validate.Finding) bool { return whole[f.Rule] }) {
		return sent, faults
	}
	rest := map[string]any{}
	_ = json.Unmarshal([]byte(body), &rest) // the rules of whole would have found that it is none
	for name, value := range sent {
		if isEmptyOptional(apiVersion, typ, name, value) {
			delete(sent, name)
			delete(rest, name)
		}
	}
	return sent, errorsOf(validator.Check("", wire.Encode(rest)))
}

// whole are the rules that find no payload whose fields could be removed.
var whole = map[string]bool{
	"syntax": true, "duplicate-key": true, "not-an-object": true, "too-large": true,
	"type-missing": true, "type-unknown": true, "type-mismatch": true,
}

// isEmptyOptional reports whether a field is empty, and of no type that requires it.
func isEmptyOptional(apiVersion, typ, name string, value any) bool {
	fields := knownFields(apiVersion, typ)
	i := slices.IndexFunc(fields, func(f schemas.Field) bool { return f.Name == name })
	switch {
	case value != nil && value != "" || name == "id" || name == "type":
		return false
	case i >= 0 && value == nil:
		return !fields[i].Required && (!fields[i].Nullable || fields[i].ReadOnly)
	case i >= 0:
		return !fields[i].Required && fields[i].Kind == "string"
	}
	for _, version := range []string{schemas.V2, schemas.V1} {
		for _, other := range typeNames(version) {
			for _, f := range knownFields(version, other) {
				if f.Name == name && !f.ReadOnly {
					return value == nil || f.Kind == "string"
				}
			}
		}
	}
	return false
}

// unset reports whether the sent value of a field is the one that responses show for a field without a value.
func unset(apiVersion, typ, name string, sent map[string]any) bool {
	value, ok := sent[name]
	text, _ := json.Marshal(value)
	return ok && slices.ContainsFunc(knownFields(apiVersion, typ), func(f schemas.Field) bool { return f.Name == name && f.Unset == string(text) })
}

// created returns a new integration, with the defaults of the API version that creates it.
func created(apiVersion, typ string, fields map[string]any) *kept {
	for _, f := range knownFields(apiVersion, typ) {
		switch {
		case hasKey(fields, f.Name) || f.Default == "":
		case f.Kind == "boolean":
			fields[f.Name] = f.Default == "true"
		default:
			fields[f.Name] = f.Default
		}
	}
	return &kept{fields: fields}
}

func (m *modelTest) get() {
	a, typ := m.at()
	if got := a.do("GET", "/"+typ, ""); m.model[a.project][typ] == nil {
		a.want(got, 404, "INTEGRATION_NOT_CONFIGURED")
	} else {
		a.want(got, 200, "")
	}
}

func (m *modelTest) delete() {
	a, typ := m.at()
	before := a.stored()
	got := a.do("DELETE", "/"+typ, "")
	if m.model[a.project][typ] == nil {
		m.rejected(a, got, 404, "", before)
		return
	}
	a.want(got, 204, "")
	delete(m.model[a.project], typ)
}

func errorsOf(findings []validate.Finding) []validate.Finding {
	return slices.DeleteFunc(findings, func(f validate.Finding) bool { return f.Severity != validate.Error })
}

func hasKey(m map[string]any, name string) bool { _, ok := m[name]; return ok }

func sentFields(body string) map[string]any {
	fields := map[string]any{}
	_ = json.Unmarshal([]byte(body), &fields) // the validator reports invalid JSON
	delete(fields, "id")
	delete(fields, "type")
	return fields
}

func (m *modelTest) accepted(a *apiClient, got reply, body string) {
	if got.status != 200 {
		m.t.Errorf("%s: the validator accepts what the server rejects with %d %s: %s", a.apiVersion, got.status, got.body, body)
	}
}

// rejected checks for an error with a documented code, and for an unchanged state.
func (m *modelTest) rejected(a *apiClient, got reply, status int, body string, before any) {
	var e struct {
		Code string `json:"errorCode"`
	}
	_ = json.Unmarshal([]byte(got.body), &e)
	known := slices.ContainsFunc(schemas.ErrorCodes, func(c schemas.ErrorCode) bool { return c.Code == e.Code && c.Status == status })
	if got.status != status || !known {
		m.t.Errorf("%s: %d %s, want %d: %s", a.apiVersion, got.status, got.body, status, body)
	}
	if after := a.stored(); !reflect.DeepEqual(before, any(after)) {
		m.t.Errorf("a rejected request has changed the state: %s", cmp.Diff(before, any(after)))
	}
}

// masks returns the secrets of an integration as a random API version shows them.
func (m *modelTest) masks(a *apiClient, typ string) map[string]any {
	masks := map[string]any{}
	for i := range schemas.Types {
		t := &schemas.Types[i]
		if t.Name != typ || m.model[a.project][typ] == nil {
			continue
		}
		shown := map[string]any{}
		_ = json.Unmarshal([]byte(a.withVersion(t.APIVersion).do("GET", "/"+typ, "").body), &shown)
		for _, f := range t.Fields {
			if value, ok := shown[f.Name].(string); ok && f.Secret != "" {
				masks[f.Name] = value
			}
		}
	}
	return masks
}

// wantModel compares the lists of both API versions with the model.
func (m *modelTest) wantModel() {
	for _, apiVersion := range apiVersions {
		for _, project := range testProjects {
			a := m.a.withVersion(apiVersion)
			a.t, a.project = m.t, project
			var page struct {
				Results    []map[string]any
				TotalCount int
			}
			got := a.do("GET", "", "")
			if err := json.Unmarshal([]byte(got.body), &page); err != nil {
				m.t.Fatal(err, got.body)
			}
			want := slices.DeleteFunc(typeNames(apiVersion), func(typ string) bool { return m.model[project][typ] == nil })
			if listed := listedTypes(got.body); !slices.Equal(want, listed) || page.TotalCount != len(want) {
				m.t.Fatalf("%s lists %v, %d in all, want %v", apiVersion, listed, page.TotalCount, want)
			}
			for _, shown := range page.Results {
				m.wantIntegration(apiVersion, shown, m.model[project][shown["type"].(string)])
			}
		}
	}
}

// wantIntegration compares one integration of a response with the model, which gets its ID from the first response.
func (m *modelTest) wantIntegration(apiVersion string, shown map[string]any, want *kept) {
	typ := shown["type"].(string)
	if want.id == "" {
		want.id, _ = shown["id"].(string)
	}
	if shown["id"] != want.id || len(want.id) != 24 {
		m.t.Errorf("%s: id %v, once %s", typ, shown["id"], want.id)
	}
	shown = maps.Clone(shown)
	for _, f := range knownFields(apiVersion, typ) {
		value, set := want.fields[f.Name]
		text, isText := value.(string)
		switch {
		case f.Name == "id" || f.Name == "type":
		case f.Secret == schemas.MaskOmitted:
			if hasKey(shown, f.Name) {
				m.t.Errorf("%s.%s is shown", typ, f.Name)
			}
		case set && f.Secret != "" && isText:
			checkMask(m.t, typ+"."+f.Name, f.Secret, text, fmt.Sprint(shown[f.Name]))
		case set && value == nil && f.Unset == `""`: // a channel of null is one that is not set
			if shown[f.Name] != "" {
				m.t.Errorf("%s.%s is %v, though it is not set", typ, f.Name, shown[f.Name])
			}
		case set && shown[f.Name] != value:
			m.t.Errorf("%s.%s is %v, want %v", typ, f.Name, shown[f.Name], value)
		}
		delete(shown, f.Name)
	}
	if len(shown) > 0 {
		m.t.Errorf("%s %s has no fields %v", apiVersion, typ, shown)
	}
}

func knownFields(apiVersion, typ string) []schemas.Field {
	i := slices.IndexFunc(schemas.Types, func(t schemas.Type) bool { return t.APIVersion == apiVersion && t.Name == typ })
	return schemas.Types[i].Fields
}

// userinfo is the user and the password, which are not part of an origin.
var userinfo = regexp.MustCompile("//[^/?#]*@")

// checkMask checks that a mask has as many characters as the secret, or as the URL's origin, and not more than the last
// four of the secret.
func checkMask(t failer, name, how, secret, mask string) {
	s, m := []rune(secret), []rune(mask)
	last := ""
	if len(s) > 4 {
		last = string(s[len(s)-4:])
	}
	head, stars := "", strings.TrimSuffix(mask, last)
	if how == schemas.MaskOrigin {
		head, stars, _ = strings.Cut(stars, "/****")
		origin := strings.ToLower(userinfo.ReplaceAllString(secret, "//"))
		if !strings.HasPrefix(origin, strings.ToLower(head)) || strings.Count(head, "/") != 2 || stars != "" {
			t.Errorf("%s: %q is shown as %q", name, secret, mask)
		}
		return
	}
	if len(m) != len(s) || strings.Trim(stars, "*") != "" || !strings.HasSuffix(mask, last) {
		t.Errorf("%s: %q is shown as %q", name, secret, mask)
	}
}

// body draws a payload: most of its fields are valid, some are missing and some are invalid. Sometimes the text is
// no JSON.
func (m *modelTest) body(a *apiClient, typ string) string {
	var members []string
	add := func(name string, value any) {
		members = append(members, string(wire.Encode(name))+":"+string(wire.Encode(value)))
	}
	masks := m.masks(a, typ)
	for _, f := range knownFields(a.apiVersion, typ) {
		switch rapid.IntRange(0, 11).Draw(m.t, f.Name) { // small numbers are drawn more often
		case 9: // left out
		case 10:
			add(f.Name, m.bad(f))
		case 11:
			if mask, ok := masks[f.Name]; ok {
				add(f.Name, mask)
			}
		default:
			if !f.ReadOnly && (f.Required || rapid.Bool().Draw(m.t, "present")) {
				add(f.Name, m.good(f))
			}
		}
	}
	if m.oneInTen("surplus") {
		add(rapid.SampledFrom(surplus()).Draw(m.t, "name"), rapid.SampledFrom([]any{false, nil, "x", 1}).Draw(m.t, "value"))
	}
	body := "{" + strings.Join(rapid.Permutation(members).Draw(m.t, "order"), ",") + "}"
	if m.oneInTen("corrupt") {
		return m.corrupt(body)
	}
	return body
}

// oneInTen is true in about one of ten draws.
func (m *modelTest) oneInTen(what string) bool { return rapid.IntRange(0, 9).Draw(m.t, what) == 4 }

// surplus are names that some type may have, none has, or none has any more.
func surplus() []string {
	names := map[string]bool{"bogus": true, "": true, "a/b": true, "$schema": true, strings.Repeat("n", 60): true, "ключ": true}
	for i := range schemas.Types {
		for _, f := range schemas.Types[i].Fields {
			names[f.Name], names[strings.ToUpper(f.Name)] = true, true
		}
		for _, r := range schemas.Types[i].Removed {
			names[r.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func (m *modelTest) good(f schemas.Field) any {
	switch {
	case f.Const != "":
		return f.Const
	case f.Kind == "boolean":
		return rapid.Bool().Draw(m.t, "boolean")
	case len(f.Enum) > 0:
		return rapid.SampledFrom(f.Enum).Draw(m.t, "value")
	case f.Pattern != "":
		return rapid.StringMatching("[0-9A-Fa-f]{32}").Draw(m.t, "key")
	case f.Format == "uri":
		return rapid.StringMatching(`(https?|HTTPS)://(u:p@)?[a-z]{1,9}\.example(:80)?(/[a-z0-9]{0,9})?(\?a=[0-9]{1,4})?`).Draw(m.t, "url")
	case f.Nullable && rapid.IntRange(0, 9).Draw(m.t, "null") == 0:
		return nil
	default:
		return rapid.OneOf(rapid.StringN(1, 40, 200), rapid.StringMatching(`[a-z0-9]{1,40}`),
			rapid.SampledFrom([]string{"${env:HOME}", "${file:/etc/passwd}", "changeme", "<x>&y", "\u2028", "a*b", "ab**cdef"})).Draw(m.t, "text")
	}
}

func (m *modelTest) bad(f schemas.Field) any {
	values := append([]any{f.Name, strings.ToLower(f.Const)}, badValues...)
	return rapid.SampledFrom(values).Draw(m.t, "bad")
}

// corrupt removes, changes or adds text in a body.
func (m *modelTest) corrupt(body string) string {
	at := rapid.IntRange(0, len(body)).Draw(m.t, "at")
	rest := min(len(body), at+rapid.IntRange(0, 3).Draw(m.t, "gone"))
	return body[:at] + rapid.SampledFrom([]string{"", ",", "}", "\x00", "\xff", "{}", `"type":"OPS_GENIE",`, "\ufeff", " "}).Draw(m.t, "new") + body[rest:]
}
