package fakeatlas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/openapi"
)

// oracle checks responses against our own descriptions, read by a library that the server does not use.
type oracle struct {
	docs    map[string]*openapi3.T
	routers map[string]routers.Router
	seen    map[string]map[int]bool // statuses by API version and operation
	checked map[string]bool         // responses that were validated; each validation takes a millisecond
}

func newOracle(t testing.TB) *oracle {
	t.Helper()
	openapi3filter.RegisterBodyDecoder(datedMedia, openapi3filter.JSONBodyDecoder)
	o := &oracle{map[string]*openapi3.T{}, map[string]routers.Router{}, map[string]map[int]bool{}, map[string]bool{}}
	for apiVersion, source := range map[string][]byte{
		schemas.V1: openapi.V1().Document, schemas.V2: openapi.V2().Document, companionDocument: openapi.Companions(),
	} {
		doc, err := openapi3.NewLoader().LoadFromData(source)
		if err != nil {
			t.Fatal(err)
		}
		doc.Servers = nil // the server is not one of those of Atlas
		router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation())
		if err != nil {
			t.Fatal(err)
		}
		o.docs[apiVersion], o.routers[apiVersion] = doc, router
	}
	return o
}

// check returns an error for a response that does not conform. Requests outside the description's operations, such as
// OPTIONS, have no responses there.
func (o *oracle) check(apiVersion string, r *http.Request, got reply) error {
	if strings.HasPrefix(r.URL.Path, wire.OAuthPath) {
		apiVersion = schemas.V2
	}
	doc := o.docs[apiVersion]
	route, parameters, err := o.routers[apiVersion].FindRoute(r)
	if err != nil {
		return err
	}
	operation := apiVersion + " " + route.Operation.OperationID
	if o.seen[operation] == nil {
		o.seen[operation] = map[int]bool{}
	}
	o.seen[operation][got.status] = true
	same := fmt.Sprint(operation, r.URL.RawQuery, got)
	if o.checked[same] {
		return nil
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route},
		Status:                 got.status,
		Header:                 canonical(got.header),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	body := got.body
	envelope, _ := strconv.ParseBool(r.URL.Query().Get("envelope"))
	if envelope && !strings.Contains(body, `"results":`) && got.status != http.StatusUnauthorized {
		// The description's schemas are those of the plain responses: the content of an envelope is checked against them, and
		// one integration also by the schema of its envelope, which the description has as a component.
		var inside struct {
			Status  int
			Content json.RawMessage
		}
		if err := json.Unmarshal([]byte(body), &inside); err != nil || inside.Status != got.status {
			return errors.Join(err, errors.New("a bad envelope: "+body))
		}
		if err := o.envelope(doc, got.status, r, body); err != nil {
			return err
		}
		body = string(inside.Content)
	}
	input.SetBodyBytes([]byte(body))
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		return err
	}
	if err := missingHeaders(route.Operation, got); err != nil {
		return err
	}
	o.checked[same] = true
	return nil
}

func (o *oracle) envelope(doc *openapi3.T, status int, r *http.Request, body string) error {
	if status != http.StatusOK || strings.HasPrefix(r.URL.Path, wire.OAuthPath) {
		return nil
	}
	if doc.Components.Schemas["IntegrationEnvelope"] == nil { // its content is still checked
		return nil
	}
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return err
	}
	return doc.Components.Schemas["IntegrationEnvelope"].Value.VisitJSON(value, openapi3.EnableJSONSchema2020(),
		openapi3.MultiErrors(), openapi3.VisitAsResponse())
}

// canonical spells the names as a client's side of net/http does: kin looks for no other spelling, and would take
// Atlas's own RateLimit-Limit for absent.
func canonical(h http.Header) http.Header {
	read := http.Header{}
	for name, values := range h {
		read[http.CanonicalHeaderKey(name)] = values
	}
	return read
}

// missingHeaders checks for every header that the description has of the status: kin checks only present ones, and no
// description marks one as required. Only the headers of the rate limit may be missing, on requests that no project
// counts.
func missingHeaders(operation *openapi3.Operation, got reply) error {
	for name := range operation.Responses.Status(got.status).Value.Headers {
		uncounted := strings.HasPrefix(name, "RateLimit-") && slices.Contains([]string{"GROUP_NOT_FOUND", "INVALID_GROUP_ID"}, got.header.Get("X-Error-Code"))
		if (canonical(got.header).Get(name) == "") != uncounted {
			return fmt.Errorf("header %s: %v", name, got.header)
		}
	}
	return nil
}

// broken is a store that fails.
type broken struct{ store.Store }

var errBroken = errors.New("out of order")

func (broken) List(context.Context, string) ([]store.Integration, error) { return nil, errBroken }
func (broken) Get(context.Context, string, string) (store.Integration, error) {
	return store.Integration{}, errBroken
}
func (broken) Create(context.Context, string, store.Integration) error { return errBroken }
func (broken) Update(context.Context, string, string, func(*store.Integration) (store.Integration, error)) error {
	return errBroken
}
func (broken) Project(context.Context, string) (store.Project, error) {
	return store.Project{}, errBroken
}
func (broken) Projects(context.Context) ([]store.Project, error)      { return nil, errBroken }
func (broken) Named(context.Context, string) ([]store.Project, error) { return nil, errBroken }
func (broken) UpdateProject(context.Context, string, func(*store.Project) (store.Project, error)) error {
	return errBroken
}
func (broken) Alerts(context.Context, string) ([]store.Alert, error) { return nil, errBroken }
func (broken) UpdateAlerts(context.Context, string, func([]store.Alert, []store.Integration) ([]store.Alert, error)) error {
	return errBroken
}
func (broken) DeleteProject(context.Context, string) error  { return errBroken }
func (broken) Delete(context.Context, string, string) error { return errBroken }

// conformance sends requests to a server, and checks each response with the oracle.
type conformance struct {
	*apiClient
	o *oracle
}

func (c conformance) do(method, target, body string, headers ...string) {
	c.t.Helper()
	r := c.request(method, target, strings.NewReader(body), headers...)
	got := c.send(r)
	if remaining := got.exact(wire.RateRemainingHeader); remaining != "" {
		if n, err := strconv.Atoi(remaining); err != nil || n < 0 {
			c.t.Errorf("%s is %q", wire.RateRemainingHeader, remaining)
		}
		got.header[wire.RateRemainingHeader] = []string{"1"} // so that responses can be the same
	}
	if err := c.o.check(c.apiVersion, r, got); err != nil {
		c.t.Errorf("%s %s %.200s: %d %s\n%v", method, r.URL, body, got.status, got.body, err)
	}
}

var queries = []string{
	"", "?pretty=true", "?envelope=true", "?envelope=true&pretty=true", "?includeCount=false", "?includeCount=false&envelope=true",
	"?itemsPerPage=1", "?itemsPerPage=2&pageNum=2", "?pageNum=99", "?pageNum=0", "?itemsPerPage=501", "?pageNum=x", "?envelope=x", "?envelope=true&pageNum=0",
}

// runAll calls all operations on all types, with valid and invalid bodies.
func (c conformance) runAll() {
	types := append(typeNames(c.apiVersion), "HIP_CHAT", "NONE", "FLOWDOCK")
	for _, query := range queries {
		c.do("GET", query, "")
	}
	for _, typ := range types {
		for _, query := range []string{"", "?pretty=true", "?envelope=true", "?envelope=x"} {
			c.do("GET", "/"+typ+query, "")
			c.do("DELETE", "/"+typ+query, "")
		}
	}
	for _, r := range rejections {
		for _, query := range []string{"", "?envelope=true"} {
			c.do("POST", "/"+r.typ+query, r.body)
			c.do("PUT", "/"+r.typ+query, r.body)
		}
	}
	for _, method := range []string{"PUT", "DELETE", "POST", "POST"} {
		for _, shown := range shownAs {
			c.do(method, "/"+shown.typ, `{"type":"`+shown.typ+`",`+shown.sent+`}`)
			c.do("GET", "/"+shown.typ, "")
			c.do("GET", "/"+shown.typ+"?envelope=true", "")
		}
	}
	for _, query := range queries {
		c.do("PUT", "/OPS_GENIE"+query, examplePayload(c.t, c.apiVersion, "OPS_GENIE"))
	}
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		for _, headers := range [][]string{{"Authorization:"}, {"Authorization: Bearer x"}, {"Accept:"}, {"Accept: */*"}, {"Content-Type: text/plain"}} {
			c.do(method, "/OPS_GENIE", "{}", headers...)
		}
	}
	for _, headers := range [][]string{{"Authorization:"}, {"Accept:"}} {
		c.do("GET", "?envelope=true", "", headers...)
	}
	c.project = strings.Repeat("1", 24)
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		c.do(method, "/OPS_GENIE", "")
	}
	c.do("GET", "", "")
}

func TestResponsesConformToTheDescriptions(t *testing.T) {
	o := newOracle(t)
	for _, apiVersion := range apiVersions {
		for name, opts := range map[string][]Option{
			"usual":   {WithProjects(testProject)},
			"limited": {WithRateLimit(1)},
			"strict":  {WithChoices(Choices{StrictMasks: true, LenientAccept: true}), WithoutAuth()},
			"broken":  {WithStore(broken{new(store.Memory)})},
		} {
			t.Run(apiVersion+" "+name, func(t *testing.T) {
				conformance{newAPIClient(t, apiVersion, opts...), o}.runAll()
			})
		}
	}
	t.Run("oauth", func(t *testing.T) { conformance{newAPIClient(t, schemas.V2), o}.tokens() })
	o.covers(t, schemas.V1, schemas.V2)
}

func (c conformance) tokens() {
	good := basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)
	for _, authorization := range []string{"", basic("x", "y"), good} {
		for _, form := range []string{tokenForm, "grant_type=password", "", "token=x&token_type_hint=access_token"} {
			for _, target := range []string{"token", "token?envelope=true", "token?pretty=true", "revoke"} {
				if authorization != good || form != tokenForm {
					target, _, _ = strings.Cut(target, "?") // errors have no envelope
				}
				c.do("POST", "/api/oauth/"+target, form, "Accept:", "Authorization:"+authorization, "Content-Type: application/x-www-form-urlencoded")
			}
		}
	}
}

// covers checks that every documented status was seen, except those that the fake never returns.
func (o *oracle) covers(t *testing.T, documents ...string) {
	never := map[int]string{403: "it has no access list and no roles", 410: "its only version has no sunset"}
	for _, apiVersion := range documents {
		for path, item := range o.docs[apiVersion].Paths.Map() {
			for _, operation := range item.Operations() {
				var want []int
				for status := range operation.Responses.Map() {
					n, err := strconv.Atoi(status)
					if err != nil {
						t.Fatal(err)
					}
					// The token endpoints of the fake have no limit.
					if never[n] == "" && companionNever[operation.OperationID][n] == "" && (n != 429 || !strings.HasPrefix(path, wire.OAuthPath)) {
						want = append(want, n)
					}
				}
				slices.Sort(want)
				got := slices.Sorted(maps.Keys(o.seen[apiVersion+" "+operation.OperationID]))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s %s: statuses (-documented +seen):\n%s", apiVersion, operation.OperationID, diff)
				}
			}
		}
	}
}

// An integration that one API version stored conforms to the description of the other, though their required fields
// differ.
func TestResponsesConformAcrossAPIVersions(t *testing.T) {
	o := newOracle(t)
	for _, apiVersion := range apiVersions {
		for _, shown := range shownAs {
			a := newAPIClient(t, apiVersion)
			if a.do("POST", "/"+shown.typ, `{"type":"`+shown.typ+`",`+shown.sent+`}`).status != http.StatusOK {
				continue
			}
			for _, owner := range apiVersions {
				conformance{a.withVersion(owner), o}.do("GET", "/"+shown.typ, "")
				conformance{a.withVersion(owner), o}.do("GET", "", "")
			}
		}
	}
	// v1.0 does not require a channel. v2, which requires it, shows null.
	a := newAPIClient(t, schemas.V1)
	a.want(a.do("POST", "/SLACK", `{"type":"SLACK","apiToken":"t-123456","teamName":"T"}`), 200, "")
	wantBody(t, a.do("GET", "/SLACK", ""), `{"apiToken":"****3456","channelName":"","id":"`+nth(1)+`","teamName":"T","type":"SLACK"}`)
	wantBody(t, a.withVersion(schemas.V2).do("GET", "/SLACK", ""), `{"apiToken":"****3456","channelName":null,"id":"`+nth(1)+`","teamName":"T","type":"SLACK"}`)
	conformance{a.withVersion(schemas.V2), o}.do("GET", "/SLACK", "")
	// v2 does not require a team, and v1.0 leaves it out, as Atlas does.
	a = newAPIClient(t, schemas.V2)
	a.want(a.do("POST", "/SLACK", `{"type":"SLACK","apiToken":"t-123456","channelName":"c"}`), 200, "")
	wantBody(t, a.withVersion(schemas.V1).do("GET", "/SLACK", ""), `{"apiToken":"****3456","channelName":"c","id":"`+nth(1)+`","type":"SLACK"}`)
	conformance{a.withVersion(schemas.V1), o}.do("GET", "/SLACK", "")
}

// The oracle finds faults that were planted.
func TestTheOracleSeesFaults(t *testing.T) {
	o := newOracle(t)
	a := newAPIClient(t, schemas.V2).has("DATADOG")
	good := func(target string) (*http.Request, reply) {
		r := a.request("GET", target, nil)
		return r, a.send(r)
	}
	for name, c := range map[string]struct {
		target  string
		corrupt func(*reply)
	}{
		"none":                {"/DATADOG", nil},
		"undocumented status": {"/DATADOG", func(got *reply) { got.status = 418 }},
		"media type":          {"/DATADOG", func(got *reply) { got.header.Set("Content-Type", "text/plain") }},
		"wrong kind":          {"/DATADOG", func(got *reply) { got.body = strings.Replace(got.body, "false", `"false"`, 1) }},
		"no required field": {"/DATADOG", func(got *reply) {
			got.body = strings.Replace(got.body, `"apiKey":"****************************cdef",`, "", 1)
		}},
		"unknown type":         {"/DATADOG", func(got *reply) { got.body = strings.Replace(got.body, `"DATADOG"`, `"OTHER"`, 1) }},
		"value of no list":     {"/DATADOG", func(got *reply) { got.body = strings.Replace(got.body, `"US5"`, `"US9"`, 1) }},
		"count":                {"", func(got *reply) { got.body = strings.Replace(got.body, `"totalCount":1`, `"totalCount":-1`, 1) }},
		"no results":           {"", func(got *reply) { got.body = "{}" }},
		"header of letters":    {"", func(got *reply) { got.header["RateLimit-Limit"] = []string{"x"} }},
		"no rate limit":        {"", func(got *reply) { delete(got.header, "RateLimit-Limit") }},
		"error without a code": {"/WEBHOOK", func(got *reply) { got.body = `{"error":404}` }},
		"no error header":      {"/WEBHOOK", func(got *reply) { got.header.Del("X-Error-Code") }},
		"bare in an envelope":  {"/DATADOG?envelope=true", func(got *reply) { got.body = `{"status":200,"content":{}}` }},
	} {
		r, got := good(c.target)
		if c.corrupt != nil {
			c.corrupt(&got)
		}
		if err := o.check(schemas.V2, r, got); (err != nil) != (c.corrupt != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
