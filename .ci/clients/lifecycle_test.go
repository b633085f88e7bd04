package clients

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
	"go.mongodb.org/atlas-sdk/v20241113005/admin"
	atlas "go.mongodb.org/atlas/mongodbatlas"
)

// calls are the calls of a client. T is its own type of an integration.
type calls[T any] struct {
	create, update func(typ string, body *T) result[T]
	get, remove    func(typ string) result[T]
	list           func() result[T]
}

// result is the answer to a call as the client decodes it. The answer to get is a list of one.
type result[T any] struct {
	t     *testing.T
	res   *http.Response
	err   error
	list  []*T
	total int
}

var withoutIDs = cmpopts.IgnoreFields(sdkIntegration{}, "Id")

// ok fails the test at once if the call failed.
func (r result[T]) ok() result[T] {
	r.t.Helper()
	if r.err != nil {
		r.t.Fatal(r.err)
	}
	return r
}

// is compares the list with integrations in JSON, without their IDs.
func (r result[T]) is(what string, want ...string) result[T] {
	r.t.Helper()
	var list []*T
	for _, text := range want {
		list = append(list, decoded[T](r.t, text))
	}
	same(r.t, what, list, r.ok().list, withoutIDs)
	return r
}

// id returns the ID of the first integration, or "" if the client doesn't decode IDs.
func (r result[T]) id() string {
	if one, ok := any(r.list[0]).(interface{ GetId() string }); ok {
		return one.GetId()
	}
	return ""
}

// page compares also the status and the total count.
func (r result[T]) page(what string, want ...string) result[T] {
	r.t.Helper()
	same(r.t, what, []int{200, len(want)}, []int{r.ok().res.StatusCode, r.total})
	return r.is(what, want...)
}

// rejection is a rejection by Atlas as a client decodes it. The client of v1.0 reads no parameters and no fields.
type rejection struct {
	status             int
	code, reason       string
	detail             string
	parameters, fields []any
}

func (r result[T]) rejected(status int, code string) rejection {
	r.t.Helper()
	got, ok := decodedRejection(r.err)
	if !ok {
		r.t.Fatalf("got %v, want %d %s", r.err, status, code)
	}
	same(r.t, "rejection", []any{status, status, code, http.StatusText(status)}, []any{r.res.StatusCode, got.status, got.code, got.reason})
	return got
}

func decodedRejection(err error) (rejection, bool) {
	if v1 := (*atlas.ErrorResponse)(nil); errors.As(err, &v1) {
		return rejection{status: v1.HTTPCode, code: v1.ErrorCode, reason: v1.Reason, detail: v1.Detail}, true
	}
	v2, ok := admin.AsError(err)
	if !ok || !admin.IsErrorCode(err, v2.ErrorCode) {
		return rejection{}, false
	}
	bad := v2.GetBadRequestDetail()
	var fields []string
	for _, f := range bad.GetFields() {
		fields = append(fields, f.GetField())
	}
	slices.Sort(fields)
	return rejection{v2.Error, v2.ErrorCode, v2.GetReason(), v2.GetDetail(), v2.GetParameters(), anys(fields)}, true
}

func anys[T any](list []T) (all []any) {
	for _, one := range list {
		all = append(all, one)
	}
	return all
}

// eachClient calls a test with each client and each type of its API version.
func eachClient(t *testing.T, testV1 func(*testing.T, fake, calls[v1Integration], typeCase), testV2 func(*testing.T, fake, calls[sdkIntegration], typeCase)) {
	for _, c := range types(t, "v1.0") {
		t.Run("v1.0/"+c.Type, func(t *testing.T) {
			f := start(t)
			testV1(t, f, v1Calls(t, v1Client(t, f)), c)
		})
	}
	for login, modifier := range sdkLogins {
		for _, c := range types(t, "v2") {
			t.Run(login+"/"+c.Type, func(t *testing.T) {
				f := start(t)
				testV2(t, f, sdkCalls(t, sdkClient(t, f.URL, modifier(t.Context()))), c)
			})
		}
	}
}

func TestEveryType(t *testing.T) {
	eachClient(t, lifecycle[v1Integration], lifecycle[sdkIntegration])
}

func lifecycle[T any](t *testing.T, f fake, api calls[T], c typeCase) {
	id := api.create(c.Type, decoded[T](t, c.Sent)).page("create", c.Read).id()
	got := api.create(c.Type, decoded[T](t, c.Sent)).rejected(409, "INTEGRATION_ALREADY_CONFIGURED")
	same(t, "detail", "The integration of type '"+c.Type+"' is already configured for this group.", got.detail)
	api.list().is("list", c.Read)
	api.get(c.Type).is("get", c.Read)

	api.update(c.Type, decoded[T](t, c.Sent, c.Change)).page("update", c.Reread)
	f.keeps(c)
	api.update(c.Type, decoded[T](t, c.Sent)).page("update back", c.Read)

	// Clients that read, change a field and write send the ID and the masks of all secrets back.
	read := api.get(c.Type).ok()
	same(t, "ID", id, read.id())
	api.update(c.Type, read.list[0]).page("update to the object as read", c.Read)
	last := api.update(c.Type, changed(t, read.list[0], c.Change)).page("update with a change", c.Reread)
	same(t, "ID after updates", id, last.id())
	f.keeps(c)

	same(t, "delete", http.StatusNoContent, api.remove(c.Type).ok().res.StatusCode)
	api.get(c.Type).rejected(404, "INTEGRATION_NOT_CONFIGURED")
	api.remove(c.Type).rejected(404, "INTEGRATION_NOT_CONFIGURED")
}

func TestUpdateOfNothingCreates(t *testing.T) {
	eachClient(t, updateOfNothing[v1Integration], updateOfNothing[sdkIntegration])
}

func updateOfNothing[T any](t *testing.T, _ fake, api calls[T], c typeCase) {
	api.update(c.Type, decoded[T](t, c.Sent)).page("update", c.Read)
}
