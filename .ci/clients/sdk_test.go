package clients

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/atlas-sdk/v20241113005/admin"

	"github.com/atlasint/atlasint/fakeatlas"
)

type sdkIntegration = admin.ThirdPartyIntegration

// sdkLogins are the ways in which users of the official SDK log in.
var sdkLogins = map[string]func(context.Context) admin.ClientModifier{
	"digest": func(context.Context) admin.ClientModifier {
		return admin.UseDigestAuth(fakeatlas.DefaultAPIKey.PublicKey, fakeatlas.DefaultAPIKey.PrivateKey)
	},
	"service account": func(ctx context.Context) admin.ClientModifier {
		return admin.UseOAuthAuth(ctx, fakeatlas.DefaultServiceAccount.ClientID, fakeatlas.DefaultServiceAccount.ClientSecret)
	},
}

func sdkClient(t *testing.T, base string, login admin.ClientModifier) admin.ThirdPartyIntegrationsApi {
	t.Helper()
	// The base URL comes first: the SDK derives the URL of tokens from it.
	client, err := admin.NewClient(admin.UseBaseURL(base), login)
	if err != nil {
		t.Fatal(err)
	}
	return client.ThirdPartyIntegrationsApi
}

// sdk logs in by digest.
func sdk(t *testing.T, opts ...fakeatlas.Option) (calls[sdkIntegration], admin.ThirdPartyIntegrationsApi, fake) {
	t.Helper()
	f := start(t, opts...)
	client := sdkClient(t, f.URL, sdkLogins["digest"](t.Context()))
	return sdkCalls(t, client), client, f
}

// sdkPage executes a request whose answer is a page. It checks that IDs look like those of Atlas.
func sdkPage(t *testing.T, execute func() (*admin.PaginatedIntegration, *http.Response, error)) result[sdkIntegration] {
	t.Helper()
	page, res, err := execute()
	if err != nil {
		return result[sdkIntegration]{t: t, res: res, err: err}
	}
	got := result[sdkIntegration]{t: t, res: res, total: page.GetTotalCount()}
	for _, one := range page.GetResults() {
		same(t, "has an ID", true, objectID.MatchString(one.GetId()))
		got.list = append(got.list, &one)
	}
	return got
}

func sdkCalls(t *testing.T, client admin.ThirdPartyIntegrationsApi) calls[sdkIntegration] {
	ctx := t.Context()
	return calls[sdkIntegration]{
		create: func(typ string, body *sdkIntegration) result[sdkIntegration] {
			return sdkPage(t, client.CreateThirdPartyIntegration(ctx, typ, project, body).Execute)
		},
		update: func(typ string, body *sdkIntegration) result[sdkIntegration] {
			return sdkPage(t, client.UpdateThirdPartyIntegration(ctx, typ, project, body).Execute)
		},
		list: func() result[sdkIntegration] {
			return sdkPage(t, client.ListThirdPartyIntegrations(ctx, project).Execute)
		},
		get: func(typ string) result[sdkIntegration] {
			one, res, err := client.GetThirdPartyIntegration(ctx, project, typ).Execute()
			return result[sdkIntegration]{t, res, err, []*sdkIntegration{one}, 1}
		},
		remove: func(typ string) result[sdkIntegration] {
			_, res, err := client.DeleteThirdPartyIntegration(ctx, typ, project).Execute()
			return result[sdkIntegration]{t: t, res: res, err: err}
		},
	}
}

func TestSDKParameters(t *testing.T) {
	for login, modifier := range sdkLogins {
		for _, c := range types(t, "v2") {
			t.Run(login+"/"+c.Type, func(t *testing.T) {
				f := start(t)
				api := sdkCalls(t, sdkClient(t, f.URL, modifier(t.Context())))
				same(t, "of a 404", []any{c.Type}, api.get(c.Type).rejected(404, "INTEGRATION_NOT_CONFIGURED").parameters)
				api.create(c.Type, decoded[sdkIntegration](t, c.Sent)).ok()
				got := api.create(c.Type, decoded[sdkIntegration](t, c.Sent)).rejected(409, "INTEGRATION_ALREADY_CONFIGURED")
				same(t, "of a 409", []any{c.Type}, got.parameters)
			})
		}
	}
}

// The SDK's own constructor sets two fields of Datadog for every type (atlas-sdk-go#667).
func TestSDKConstructorIsRefused(t *testing.T) {
	for _, c := range types(t, "v2") {
		t.Run(c.Type, func(t *testing.T) {
			api, _, _ := sdk(t)
			got := api.create(c.Type, changed(t, admin.NewThirdPartyIntegration(), c.Sent))
			if c.Type == "DATADOG" {
				got.ok()
				return
			}
			refused := got.rejected(400, "INVALID_ATTRIBUTE")
			want := []any{"sendCollectionLatencyMetrics", "sendDatabaseMetrics"}
			same(t, "fields", want, refused.fields)
			same(t, "one of them is the parameter", true, slices.Contains(want, refused.parameters[0]))
		})
	}
}

func TestSDKRefusals(t *testing.T) {
	for _, c := range []struct {
		name, typ, body, code string // any code if ""
		parameters, fields    []any
	}{
		{"a missing field", "NEW_RELIC", `{"type":"NEW_RELIC","accountId":"a","licenseKey":"b","readToken":"c"}`, "MISSING_ATTRIBUTE", []any{"writeToken"}, []any{"writeToken"}},
		{"no type", "SLACK", `{"apiToken":"a","channelName":"b"}`, "MISSING_ATTRIBUTE", []any{"type"}, []any{"type"}},
		{"the type of another path", "SLACK", `{"type":"DATADOG","apiKey":"` + key32 + `","region":"US"}`, "INVALID_ATTRIBUTE", []any{"type"}, []any{"type"}},
		{"a key that is not hexadecimal", "DATADOG", `{"type":"DATADOG","apiKey":"not-a-key","region":"US"}`, "INVALID_INTEGRATION_SETTINGS", []any{"DATADOG", "apiKey must be a hexadecimal string"}, []any{"apiKey"}},
		{"a mask in a create", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"********************************2e64"}`, "INVALID_INTEGRATION_SETTINGS", []any{"OPS_GENIE", "apiKey must not be a redacted value"}, []any{"apiKey"}},
		{"two faults", "PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"short","routingKey":"x"}`, "", nil, []any{"routingKey", "serviceKey"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			api, _, _ := sdk(t)
			got := api.create(c.typ, decoded[sdkIntegration](t, c.body))
			code := got.res.Header.Get("X-Error-Code")
			refused := got.rejected(400, code)
			same(t, "fields", c.fields, refused.fields)
			if c.code != "" {
				same(t, "code", c.code, code)
				same(t, "parameters", c.parameters, refused.parameters)
			}
		})
	}
}

// A mask other than that of the stored value must not overwrite it.
func TestSDKForeignMaskIsRefused(t *testing.T) {
	api, _, f := sdk(t)
	c := typeOf(t, "DATADOG")
	f.must("POST v2/DATADOG " + c.Sent)
	body := decoded[sdkIntegration](t, c.Sent, `{"apiKey":"****************************9999"}`)
	api.update(c.Type, body).rejected(400, "INVALID_INTEGRATION_SETTINGS")
	same(t, "stored", any("a3c9e17b5d204f68b0e2d4c6a8f13579"), f.stored(c.Type)["apiKey"])
}

func TestSDKStrictMasks(t *testing.T) {
	api, _, f := sdk(t, fakeatlas.WithChoices(fakeatlas.Choices{StrictMasks: true}))
	f.must("POST v2/DATADOG " + typeOf(t, "DATADOG").Sent)
	api.update("DATADOG", api.get("DATADOG").ok().list[0]).rejected(400, "INVALID_INTEGRATION_SETTINGS")
}

func TestSDKPages(t *testing.T) {
	api, client, _ := sdk(t)
	cases := types(t, "v2")
	for _, c := range slices.Backward(cases) {
		api.create(c.Type, decoded[sdkIntegration](t, c.Sent)).ok()
	}
	var found, rels []string
	for number := range 3 {
		page, _, err := client.ListThirdPartyIntegrations(t.Context(), project).ItemsPerPage(4).PageNum(number + 1).Execute()
		if err != nil {
			t.Fatal(err)
		}
		same(t, "totalCount", len(cases), page.GetTotalCount())
		for _, one := range page.GetResults() {
			found = append(found, one.GetType())
		}
		for _, link := range page.GetLinks() {
			rels = append(rels, link.GetRel())
		}
	}
	same(t, "types", names(cases), found)
	same(t, "links", []string{"self", "next", "self", "previous", "next", "self", "previous"}, rels)
}

func TestSDKWithoutCount(t *testing.T) {
	_, client, f := sdk(t)
	f.must("POST v2/PAGER_DUTY " + typeOf(t, "PAGER_DUTY").Sent)
	page, _, err := client.ListThirdPartyIntegrations(t.Context(), project).IncludeCount(false).Execute()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "has a count", false, page.HasTotalCount())
	same(t, "results", 1, len(page.GetResults()))
}

// The page in the answer to a create may lack the created integration.
func TestSDKCreatedOffThePage(t *testing.T) {
	_, client, f := sdk(t)
	first := typeOf(t, "PAGER_DUTY")
	f.must("POST v2/PAGER_DUTY " + first.Sent)
	body := decoded[sdkIntegration](t, typeOf(t, "SLACK").Sent)
	got := sdkPage(t, client.CreateThirdPartyIntegration(t.Context(), "SLACK", project, body).ItemsPerPage(1).Execute)
	got.is("page", first.Read)
	same(t, "totalCount", 2, got.total)
}

func TestSDKBadPage(t *testing.T) {
	_, client, _ := sdk(t)
	got := sdkPage(t, client.ListThirdPartyIntegrations(t.Context(), project).ItemsPerPage(501).Execute)
	same(t, "parameters", []any{"itemsPerPage"}, got.rejected(400, "INVALID_QUERY_PARAMETER").parameters)
}

func TestSDKRateLimitHeaders(t *testing.T) {
	api, _, _ := sdk(t)
	for _, left := range []string{"1199", "1198", "1197"} {
		header := api.list().ok().res.Header
		same(t, "limit and remaining", []string{"1200", left}, []string{header.Get("RateLimit-Limit"), header.Get("RateLimit-Remaining")})
	}
}

func TestSDKRateLimited(t *testing.T) {
	api, _, _ := sdk(t, fakeatlas.WithRateLimit(2))
	api.list().ok()
	api.list().ok()
	got := api.list()
	parameters := got.rejected(429, "RATE_LIMITED_TOKEN_BUCKET").parameters
	same(t, "number of parameters", 5, len(parameters))
	same(t, "resource", any("api/atlas/v2/groups/"+project+"/integrations"), parameters[0])
	same(t, "bucket", []any{2.0, 2.0, 60.0}, parameters[2:])
	same(t, "remaining", "0", got.res.Header.Get("RateLimit-Remaining"))
	same(t, "has Retry-After", true, got.res.Header.Get("Retry-After") != "")
}

func TestSDKUnknownProject(t *testing.T) {
	api, _, _ := sdk(t, fakeatlas.WithProjects("000000000000000000000001"))
	same(t, "parameters", []any{project}, api.list().rejected(404, "GROUP_NOT_FOUND").parameters)
}

func TestSDKWrongKey(t *testing.T) {
	api := sdkCalls(t, sdkClient(t, start(t).URL, admin.UseDigestAuth(fakeatlas.DefaultAPIKey.PublicKey, "wrong")))
	same(t, "detail", "You are not authorized for this resource.", api.list().rejected(401, "UNEXPECTED_ERROR").detail)
}

// The SDK renders a rejection as a sentence that its users see in logs.
func TestSDKErrorText(t *testing.T) {
	api, _, f := sdk(t)
	want := "/api/atlas/v2/groups/" + project + `/integrations/SLACK GET: HTTP 404 Not Found (Error code: "INTEGRATION_NOT_CONFIGURED") ` +
		"Detail: The integration of type 'SLACK' is not configured for this group. Reason: Not Found. Params: [SLACK], BadRequestDetail: "
	got := api.get("SLACK")
	got.rejected(404, "INTEGRATION_NOT_CONFIGURED")
	same(t, "text", want, strings.TrimPrefix(got.err.Error(), f.URL))
}

// Exactly one of many simultaneous creates succeeds.
func TestSDKCreatesAtOnce(t *testing.T) {
	f := start(t)
	var wait sync.WaitGroup
	var created, refused atomic.Int32
	for i := range 16 {
		login := sdkLogins[[]string{"digest", "service account"}[i%2]]
		api := sdkCalls(t, sdkClient(t, f.URL, login(t.Context())))
		body := decoded[sdkIntegration](t, typeOf(t, "DATADOG").Sent)
		wait.Go(func() {
			err := api.create("DATADOG", body).err
			switch {
			case err == nil:
				created.Add(1)
			case admin.IsErrorCode(err, "INTEGRATION_ALREADY_CONFIGURED"):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	same(t, "created and refused", []int32{1, 15}, []int32{created.Load(), refused.Load()})
}
