package clients

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
	"go.mongodb.org/atlas-sdk/v20241113005/admin"
	atlas "go.mongodb.org/atlas/mongodbatlas"

	"github.com/atlasint/atlasint/fakeatlas"
)

// calls are the calls of a client. Each body is a pointer to the client's own type of an integration.
type calls struct {
	decode         func(texts ...string) any // JSON texts as one body
	create, update func(typ string, body any) result
	get, remove    func(typ string) result
	list           func() result
}

// result is the answer to a call as the client decodes it. The answer to get is a list of one.
type result struct {
	t      *testing.T
	decode func(texts ...string) any
	res    *http.Response
	err    error
	list   []any
	total  int
}

var withoutIDs = cmpopts.IgnoreFields(sdkIntegration{}, "Id")

// ok fails the test at once if the call failed.
func (r result) ok() result {
	r.t.Helper()
	wantNoError(r.t, r.err)
	return r
}

// is compares the list with integrations in JSON, without their IDs.
func (r result) is(what string, want ...string) result {
	r.t.Helper()
	var list []any
	for _, text := range want {
		list = append(list, r.decode(text))
	}
	same(r.t, what, list, r.ok().list, withoutIDs)
	return r
}

// page compares also the status and the total count.
func (r result) page(what string, want ...string) result {
	r.t.Helper()
	same(r.t, what, []int{200, len(want)}, []int{r.ok().res.StatusCode, r.total})
	return r.is(what, want...)
}

// id returns the ID of the first integration, or "" if the client doesn't decode IDs.
func (r result) id() string {
	if one, ok := r.list[0].(*sdkIntegration); ok {
		return one.GetId()
	}
	return ""
}

// rejection is a rejection by Atlas as a client decodes it. If short, the client reads no parameters and no fields.
type rejection struct {
	status             int
	code, reason       string
	detail             string
	parameters, fields []any
	short              bool
}

func (r result) rejected(status int, code string, parameters ...any) rejection {
	r.t.Helper()
	got, ok := decodedRejection(r.err)
	if !ok {
		r.t.Fatalf("got %v, want %d %s", r.err, status, code)
	}
	same(r.t, "rejection", []any{status, status, code, http.StatusText(status)}, []any{r.res.StatusCode, got.status, got.code, got.reason})
	if len(parameters) > 0 && !got.short {
		same(r.t, "parameters", parameters, got.parameters)
	}
	return got
}

func decodedRejection(err error) (rejection, bool) {
	if v1 := (*atlas.ErrorResponse)(nil); errors.As(err, &v1) {
		return rejection{status: v1.HTTPCode, code: v1.ErrorCode, reason: v1.Reason, detail: v1.Detail, short: true}, true
	}
	v2, ok := admin.AsError(err)
	if !ok || !admin.IsErrorCode(err, v2.ErrorCode) {
		return rejection{}, false
	}
	bad := v2.GetBadRequestDetail()
	var fields []any
	for _, f := range bad.GetFields() {
		fields = append(fields, f.GetField())
	}
	slices.SortFunc(fields, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return rejection{v2.Error, v2.ErrorCode, v2.GetReason(), v2.GetDetail(), v2.GetParameters(), fields, false}, true
}

// clients are the clients and the ways in which their users log in, by API version.
func clients(t *testing.T, f fake) map[string]calls {
	all := map[string]calls{"v1.0": v1Calls(t, v1Client(t, f, key.PublicKey, key.PrivateKey))}
	for name, login := range sdkLogins {
		all["v2 "+name] = sdkLogin(t, f.URL, login(t.Context()))
	}
	return all
}

// eachClient calls a test with each client and each type of its API version.
func eachClient(t *testing.T, test func(*testing.T, fake, calls, typeCase)) {
	for name := range clients(t, start(t)) {
		version, _, _ := strings.Cut(name, " ")
		for _, c := range types(t, version) {
			t.Run(name+"/"+c.Type, func(t *testing.T) {
				f := start(t)
				test(t, f, clients(t, f)[name], c)
			})
		}
	}
}

func TestEveryType(t *testing.T) {
	eachClient(t, func(t *testing.T, f fake, api calls, c typeCase) {
		id := api.create(c.Type, api.decode(c.Sent)).page("create", c.Read).id()
		got := api.create(c.Type, api.decode(c.Sent)).rejected(409, "INTEGRATION_ALREADY_CONFIGURED", c.Type)
		same(t, "detail", "The integration of type '"+c.Type+"' is already configured for this group.", got.detail)
		api.list().is("list", c.Read)
		api.get(c.Type).is("get", c.Read)

		api.update(c.Type, api.decode(c.Sent, c.Change)).page("update", c.Reread)
		f.keeps(c)
		api.update(c.Type, api.decode(c.Sent)).page("update back", c.Read)

		// Clients that read, change a field and write send the ID and the masks of all secrets back.
		read := api.get(c.Type).ok()
		same(t, "ID", id, read.id())
		api.update(c.Type, read.list[0]).page("update to the object as read", c.Read)
		last := api.update(c.Type, changed(t, read.list[0], c.Change)).page("update with a change", c.Reread)
		same(t, "ID after updates", id, last.id())
		f.keeps(c)

		same(t, "delete", http.StatusNoContent, api.remove(c.Type).ok().res.StatusCode)
		api.get(c.Type).rejected(404, "INTEGRATION_NOT_CONFIGURED", c.Type)
		api.remove(c.Type).rejected(404, "INTEGRATION_NOT_CONFIGURED")
		api.update(c.Type, api.decode(c.Sent)).page("update of nothing", c.Read)
	})
}

// The cases are in testdata/refusals.yaml.
func TestRefusals(t *testing.T) {
	for version, cases := range table[map[string][]struct {
		Name, Type, Body, Code string
		Update                 bool
		Parameters, Fields     []any
	}](t, "refusals.yaml") {
		for _, c := range cases {
			t.Run(version+"/"+c.Name, func(t *testing.T) {
				f := start(t)
				api := clients(t, f)[map[string]string{"v1.0": "v1.0", "v2": "v2 digest"}[version]]
				call := api.create
				if c.Update {
					call = api.update
				}
				got := call(c.Type, api.decode(c.Body))
				if c.Code == "" {
					c.Code = got.res.Header.Get("X-Error-Code")
				}
				same(t, "fields", c.Fields, got.rejected(400, c.Code, c.Parameters...).fields)
				same(t, "stored after a rejection", 0, len(f.all()))
			})
		}
	}
}

func TestUnknownProject(t *testing.T) {
	for name, api := range clients(t, start(t, fakeatlas.WithProjects("000000000000000000000001"))) {
		t.Log(name)
		api.list().rejected(404, "GROUP_NOT_FOUND", project)
	}
}

func TestWrongKey(t *testing.T) {
	f := start(t)
	for _, keys := range [][2]string{{key.PublicKey, "wrong"}, {"wrong", key.PrivateKey}} {
		for _, api := range []calls{v1Calls(t, v1Client(t, f, keys[0], keys[1])), sdkLogin(t, f.URL, admin.UseDigestAuth(keys[0], keys[1]))} {
			for _, got := range []result{api.create("SLACK", api.decode(typeOf(t, "SLACK").Sent)), api.list()} {
				same(t, "detail", "You are not authorized for this resource.", got.rejected(401, "UNEXPECTED_ERROR").detail)
			}
		}
	}
}
