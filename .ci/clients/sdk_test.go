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
		return admin.UseDigestAuth(key.PublicKey, key.PrivateKey)
	},
	"service account": func(ctx context.Context) admin.ClientModifier {
		return admin.UseOAuthAuth(ctx, account.ClientID, account.ClientSecret)
	},
}

func sdkClient(t *testing.T, base string, login admin.ClientModifier) admin.ThirdPartyIntegrationsApi {
	// The base URL comes first: the SDK derives the URL of tokens from it.
	client, err := admin.NewClient(admin.UseBaseURL(base), login)
	wantNoError(t, err)
	return client.ThirdPartyIntegrationsApi
}

func sdkLogin(t *testing.T, base string, login admin.ClientModifier) calls {
	return sdkCalls(t, sdkClient(t, base, login))
}

// sdk logs in by digest.
func sdk(t *testing.T, opts ...fakeatlas.Option) (calls, admin.ThirdPartyIntegrationsApi, fake) {
	t.Helper()
	f := start(t, opts...)
	client := sdkClient(t, f.URL, sdkLogins["digest"](t.Context()))
	return sdkCalls(t, client), client, f
}

func sdkDecode(t *testing.T) func(texts ...string) any {
	return func(texts ...string) any { return decoded[sdkIntegration](t, texts...) }
}

// sdkPage executes a request whose answer is a page. It checks that IDs look like those of Atlas.
func sdkPage(t *testing.T, execute func() (*admin.PaginatedIntegration, *http.Response, error)) result {
	t.Helper()
	page, res, err := execute()
	got := result{t: t, decode: sdkDecode(t), res: res, err: err}
	if err != nil {
		return got
	}
	got.total = page.GetTotalCount()
	for _, one := range page.GetResults() {
		same(t, "has an ID", true, objectID.MatchString(one.GetId()))
		got.list = append(got.list, &one)
	}
	return got
}

func sdkCalls(t *testing.T, client admin.ThirdPartyIntegrationsApi) calls {
	ctx := t.Context()
	return calls{
		decode: sdkDecode(t),
		create: func(typ string, body any) result {
			return sdkPage(t, client.CreateThirdPartyIntegration(ctx, typ, project, body.(*sdkIntegration)).Execute)
		},
		update: func(typ string, body any) result {
			return sdkPage(t, client.UpdateThirdPartyIntegration(ctx, typ, project, body.(*sdkIntegration)).Execute)
		},
		list: func() result { return sdkPage(t, client.ListThirdPartyIntegrations(ctx, project).Execute) },
		get: func(typ string) result {
			one, res, err := client.GetThirdPartyIntegration(ctx, project, typ).Execute()
			return result{t, sdkDecode(t), res, err, []any{one}, 1}
		},
		remove: func(typ string) result {
			_, res, err := client.DeleteThirdPartyIntegration(ctx, typ, project).Execute()
			return result{t: t, res: res, err: err}
		},
	}
}

// The SDK's own constructor sets two fields of Datadog for every type (atlas-sdk-go#667).
func TestSDKConstructorIsRefused(t *testing.T) {
	for _, c := range types(t, "v2") {
		api, _, _ := sdk(t)
		got := api.create(c.Type, changed(t, admin.NewThirdPartyIntegration(), c.Sent))
		if c.Type == "DATADOG" {
			got.ok()
			continue
		}
		refused := got.rejected(400, "INVALID_ATTRIBUTE")
		same(t, c.Type+": fields", []any{"sendCollectionLatencyMetrics", "sendDatabaseMetrics"}, refused.fields)
		same(t, c.Type+": one of them is the parameter", true, slices.Contains(refused.fields, refused.parameters[0]))
	}
}

// A mask other than that of the stored value must not overwrite it. With StrictMasks, that one is rejected, too.
func TestSDKMasksAreRefused(t *testing.T) {
	for strict, mask := range map[bool]string{false: "****************************9999", true: "****************************3579"} {
		api, _, f := sdk(t, fakeatlas.WithChoices(fakeatlas.Choices{StrictMasks: strict}))
		c := typeOf(t, "DATADOG")
		f.must("POST v2/DATADOG " + c.Sent)
		body := decoded[sdkIntegration](t, c.Sent, `{"apiKey":"`+mask+`"}`)
		api.update(c.Type, body).rejected(400, "INVALID_INTEGRATION_SETTINGS")
		same(t, "stored", any("a3c9e17b5d204f68b0e2d4c6a8f13579"), f.stored(c.Type)["apiKey"])
	}
}

func TestSDKPages(t *testing.T) {
	api, client, _ := sdk(t)
	cases := types(t, "v2")
	for _, c := range slices.Backward(cases) {
		api.create(c.Type, api.decode(c.Sent)).ok()
	}
	var found, rels []string
	for number := range 3 {
		page, _, err := client.ListThirdPartyIntegrations(t.Context(), project).ItemsPerPage(4).PageNum(number + 1).Execute()
		wantNoError(t, err)
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

// The parameters of pages apply to the answer to a create, too, which may then lack the created integration.
func TestSDKPageParameters(t *testing.T) {
	_, client, f := sdk(t)
	first := typeOf(t, "PAGER_DUTY")
	f.must("POST v2/PAGER_DUTY " + first.Sent)
	page, _, err := client.ListThirdPartyIntegrations(t.Context(), project).IncludeCount(false).Execute()
	wantNoError(t, err)
	same(t, "has a count, results", []any{false, 1}, []any{page.HasTotalCount(), len(page.GetResults())})
	body := decoded[sdkIntegration](t, typeOf(t, "SLACK").Sent)
	got := sdkPage(t, client.CreateThirdPartyIntegration(t.Context(), "SLACK", project, body).ItemsPerPage(1).Execute)
	same(t, "totalCount", 2, got.is("page", first.Read).total)
	sdkPage(t, client.ListThirdPartyIntegrations(t.Context(), project).ItemsPerPage(501).Execute).rejected(400, "INVALID_QUERY_PARAMETER", "itemsPerPage")
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
	parameters[1] = nil // seconds
	same(t, "parameters", []any{"api/atlas/v2/groups/" + project + "/integrations", nil, 2.0, 2.0, 60.0}, parameters)
	same(t, "remaining", "0", got.res.Header.Get("RateLimit-Remaining"))
	same(t, "has Retry-After", true, got.res.Header.Get("Retry-After") != "")
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
		api := sdkLogin(t, f.URL, login(t.Context()))
		wait.Go(func() {
			err := api.create("DATADOG", api.decode(typeOf(t, "DATADOG").Sent)).err
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
