package clients

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mongodb-forks/digest"
	"go.mongodb.org/atlas-sdk/v20241113005/admin"
	atlas "go.mongodb.org/atlas/mongodbatlas"
)

// library calls the API with a client library. LIST is a method, too. Bodies and responses are JSON texts of the
// library's own type of an integration.
type library func(method, typ, body string) result

// result is the response to a call as the library decodes it. The response to GET is a list of one.
type result struct {
	status int
	list   []map[string]any
	total  int
	err    error
}

// returned encodes the integrations of a page.
func returned[T any](t *testing.T, res *http.Response, page []T, total int, err error) result {
	t.Helper()
	got := result{total: total, err: err}
	if res != nil {
		got.status = res.StatusCode
	}
	for _, one := range page {
		got.list = append(got.list, fields(t, encoded(t, one)))
	}
	return got
}

func sdkClient(t *testing.T, base string, login admin.ClientModifier) *admin.APIClient {
	t.Helper()
	// The base URL comes first: the SDK derives the URL of tokens from it.
	client, err := admin.NewClient(admin.UseBaseURL(base), login)
	wantNoError(t, err)
	return client
}

// sdk is the official SDK.
func sdk(t *testing.T, base string, login admin.ClientModifier) library {
	t.Helper()
	api, ctx := sdkClient(t, base, login).ThirdPartyIntegrationsApi, t.Context()
	return func(method, typ, body string) result {
		t.Helper()
		sent := decoded[admin.ThirdPartyIntegration](t, body)
		var page *admin.PaginatedIntegration
		var res *http.Response
		var err error
		switch method {
		case "POST":
			page, res, err = api.CreateThirdPartyIntegration(ctx, typ, project, sent).Execute()
		case "PUT":
			page, res, err = api.UpdateThirdPartyIntegration(ctx, typ, project, sent).Execute()
		case "LIST":
			page, res, err = api.ListThirdPartyIntegrations(ctx, project).Execute()
		case "DELETE":
			_, res, err = api.DeleteThirdPartyIntegration(ctx, typ, project).Execute()
		default:
			one, res, err := api.GetThirdPartyIntegration(ctx, project, typ).Execute()
			return returned(t, res, []any{one}, 1, err)
		}
		return returned(t, res, page.GetResults(), page.GetTotalCount(), err)
	}
}

// v1 is the Go client of v1.0, made as its documentation does.
func v1(t *testing.T, base, public, private string) library {
	t.Helper()
	httpClient, err := digest.NewTransport(public, private).Client()
	wantNoError(t, err)
	client, err := atlas.New(httpClient, atlas.SetBaseURL(base))
	wantNoError(t, err)
	api, ctx := client.Integrations, t.Context()
	return func(method, typ, body string) result {
		t.Helper()
		sent := decoded[atlas.ThirdPartyIntegration](t, body)
		page := new(atlas.ThirdPartyIntegrations)
		var res *atlas.Response
		var err error
		switch method {
		case "POST":
			page, res, err = api.Create(ctx, project, typ, sent)
		case "PUT":
			page, res, err = api.Replace(ctx, project, typ, sent)
		case "LIST":
			page, res, err = api.List(ctx, project)
		case "DELETE":
			res, err = api.Delete(ctx, project, typ)
		default:
			one, res, err := api.Get(ctx, project, typ)
			return returned(t, res.Response, []any{one}, 1, err)
		}
		if err != nil {
			page = new(atlas.ThirdPartyIntegrations)
		}
		return returned(t, res.Response, page.Results, page.TotalCount, err)
	}
}

// libraries are the client libraries, by the API version that they call and the way to log in.
var libraries = map[string]func(t *testing.T, base, public, private string) library{
	"v1.0": v1,
	"v2 digest": func(t *testing.T, base, public, private string) library {
		return sdk(t, base, admin.UseDigestAuth(public, private))
	},
	"v2 service account": func(t *testing.T, base, _, _ string) library {
		return sdk(t, base, admin.UseOAuthAuth(t.Context(), account.ClientID, account.ClientSecret))
	},
}

// rejection is a rejection by Atlas as a library decodes it. The client of v1.0 reads no parameters and no fields.
type rejection struct {
	status             int
	code, detail       string
	parameters, fields []any
}

// rejected decodes an error. It fails the test at once if the error is no rejection with the status and code.
func rejected(t *testing.T, err error, status int, code string) (got rejection) {
	t.Helper()
	if v1 := (*atlas.ErrorResponse)(nil); errors.As(err, &v1) {
		got = rejection{status: v1.HTTPCode, code: v1.ErrorCode, detail: v1.Detail}
	} else if v2, ok := admin.AsError(err); ok && admin.IsErrorCode(err, v2.ErrorCode) {
		got = rejection{status: v2.Error, code: v2.ErrorCode, detail: v2.GetDetail(), parameters: v2.GetParameters()}
		bad := v2.GetBadRequestDetail()
		for _, f := range bad.GetFields() {
			got.fields = append(got.fields, f.GetField())
		}
		slices.SortFunc(got.fields, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	}
	if got.status != status || code != "" && got.code != code {
		t.Fatalf("got %v, want %d %s", err, status, code)
	}
	return got
}
