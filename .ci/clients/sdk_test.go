package clients

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/atlas-sdk/v20241113005/admin"

	"github.com/atlasint/atlasint/fakeatlas"
)

// sdkClients are the ways in which users of the official SDK log in.
var sdkClients = map[string]func(context.Context) admin.ClientModifier{
	"digest": func(context.Context) admin.ClientModifier {
		return admin.UseDigestAuth(fakeatlas.DefaultPublicKey, fakeatlas.DefaultPrivateKey)
	},
	"service account": func(ctx context.Context) admin.ClientModifier {
		return admin.UseOAuthAuth(ctx, fakeatlas.DefaultClientID, fakeatlas.DefaultClientSecret)
	},
}

func sdkClient(t *testing.T, base string, login admin.ClientModifier) admin.ThirdPartyIntegrationsApi {
	t.Helper()
	// The base URL comes first: the SDK derives from it where tokens are.
	client, err := admin.NewClient(admin.UseBaseURL(base), login)
	if err != nil {
		t.Fatal(err)
	}
	return client.ThirdPartyIntegrationsApi
}

// sdk logs in by digest.
func sdk(t *testing.T, opts ...fakeatlas.Option) (admin.ThirdPartyIntegrationsApi, fake) {
	t.Helper()
	f := start(t, opts...)
	return sdkClient(t, f.URL, sdkClients["digest"](t.Context())), f
}

type sdkIntegration = admin.ThirdPartyIntegration

func sdkCreate(t *testing.T, api admin.ThirdPartyIntegrationsApi, c typeCase) {
	t.Helper()
	if _, _, err := api.CreateThirdPartyIntegration(t.Context(), c.typ, project, decoded[sdkIntegration](t, c.sent)).Execute(); err != nil {
		t.Fatalf("create %s: %v", c.typ, err)
	}
}

// sdkRefused returns the refusal that the SDK has read.
func sdkRefused(t *testing.T, err error, status int, code string) *admin.ApiError {
	t.Helper()
	refused, ok := admin.AsError(err)
	if !ok {
		t.Fatalf("got %v, want %d %s", err, status, code)
	}
	same(t, "refusal", []any{status, code, http.StatusText(status)}, []any{refused.Error, refused.ErrorCode, refused.GetReason()})
	same(t, "IsErrorCode", true, admin.IsErrorCode(err, code))
	return refused
}

// withoutIDs takes the ids away, and tells whether they looked like Atlas's.
func withoutIDs(t *testing.T, list []sdkIntegration) []sdkIntegration {
	t.Helper()
	for i := range list {
		if !objectID.MatchString(list[i].GetId()) {
			t.Errorf("%s has the id %q", list[i].GetType(), list[i].GetId())
		}
		list[i].Id = nil
	}
	return list
}

func TestSDKEveryType(t *testing.T) {
	for login, modifier := range sdkClients {
		t.Run(login, func(t *testing.T) {
			for _, c := range typesV2 {
				t.Run(c.typ, func(t *testing.T) {
					f := start(t)
					sdkLifecycle(t, f, sdkClient(t, f.URL, modifier(t.Context())), c)
				})
			}
		})
	}
}

func sdkLifecycle(t *testing.T, f fake, api admin.ThirdPartyIntegrationsApi, c typeCase) {
	t.Helper()
	ctx := t.Context()
	want := []sdkIntegration{*decoded[sdkIntegration](t, c.read)}

	page, res, err := api.CreateThirdPartyIntegration(ctx, c.typ, project, decoded[sdkIntegration](t, c.sent)).Execute()
	if err != nil {
		t.Fatal(err)
	}
	id := page.GetResults()[0].GetId()
	same(t, "create", []any{200, 1, want}, []any{res.StatusCode, page.GetTotalCount(), withoutIDs(t, page.GetResults())})

	_, _, err = api.CreateThirdPartyIntegration(ctx, c.typ, project, decoded[sdkIntegration](t, c.sent)).Execute()
	refused := sdkRefused(t, err, http.StatusConflict, "INTEGRATION_ALREADY_CONFIGURED")
	same(t, "parameters", []any{c.typ}, refused.GetParameters())
	same(t, "detail", "The integration of type '"+c.typ+"' is already configured for this group.", refused.GetDetail())

	page, _, err = api.ListThirdPartyIntegrations(ctx, project).Execute()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "list", want, withoutIDs(t, page.GetResults()))
	one, _, err := api.GetThirdPartyIntegration(ctx, project, c.typ).Execute()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "id", id, one.GetId())

	// The whole object as it was read, its id and its masks in it; then with one field changed.
	page, _, err = api.UpdateThirdPartyIntegration(ctx, c.typ, project, one).Execute()
	if err != nil {
		t.Fatalf("as it was read: %v", err)
	}
	same(t, "update to the same", want, withoutIDs(t, page.GetResults()))
	page, res, err = api.UpdateThirdPartyIntegration(ctx, c.typ, project, decodedOver(t, *one, c.change)).Execute()
	if err != nil {
		t.Fatalf("with a change: %v", err)
	}
	same(t, "id after an update", id, page.GetResults()[0].GetId())
	wantThen := []sdkIntegration{*decoded[sdkIntegration](t, c.reread)}
	same(t, "update", []any{200, 1, wantThen}, []any{res.StatusCode, page.GetTotalCount(), withoutIDs(t, page.GetResults())})
	f.keeps(t, c)

	_, res, err = api.DeleteThirdPartyIntegration(ctx, c.typ, project).Execute()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "delete", http.StatusNoContent, res.StatusCode)
	_, _, err = api.GetThirdPartyIntegration(ctx, project, c.typ).Execute()
	refused = sdkRefused(t, err, http.StatusNotFound, "INTEGRATION_NOT_CONFIGURED")
	same(t, "parameters", []any{c.typ}, refused.GetParameters())
	_, _, err = api.DeleteThirdPartyIntegration(ctx, c.typ, project).Execute()
	sdkRefused(t, err, http.StatusNotFound, "INTEGRATION_NOT_CONFIGURED")
}

func TestSDKUpdateOfNothingCreates(t *testing.T) {
	for _, c := range typesV2 {
		t.Run(c.typ, func(t *testing.T) {
			api, _ := sdk(t)
			page, _, err := api.UpdateThirdPartyIntegration(t.Context(), c.typ, project, decoded[sdkIntegration](t, c.sent)).Execute()
			if err != nil {
				t.Fatal(err)
			}
			same(t, "update", []sdkIntegration{*decoded[sdkIntegration](t, c.read)}, withoutIDs(t, page.GetResults()))
		})
	}
}

// The SDK's own constructor fills in two fields of Datadog, whatever the type (atlas-sdk-go#667).
func TestSDKConstructorIsRefused(t *testing.T) {
	for _, c := range typesV2 {
		t.Run(c.typ, func(t *testing.T) {
			api, _ := sdk(t)
			body := decodedOver(t, *admin.NewThirdPartyIntegration(), c.sent)
			_, _, err := api.CreateThirdPartyIntegration(t.Context(), c.typ, project, body).Execute()
			if c.typ == "DATADOG" {
				same(t, "error", true, err == nil)
				return
			}
			refused := sdkRefused(t, err, http.StatusBadRequest, "INVALID_ATTRIBUTE")
			if !slices.Contains([]any{"sendCollectionLatencyMetrics", "sendDatabaseMetrics"}, refused.GetParameters()[0]) {
				t.Errorf("parameters: %v", refused.GetParameters())
			}
			same(t, "fields", []string{"sendCollectionLatencyMetrics", "sendDatabaseMetrics"}, violations(refused))
		})
	}
}

// violations are the fields that badRequestDetail names, by name.
func violations(refused *admin.ApiError) []string {
	detail := refused.GetBadRequestDetail()
	var fields []string
	for _, f := range detail.GetFields() {
		fields = append(fields, f.GetField())
	}
	slices.Sort(fields)
	return fields
}

func TestSDKRefusals(t *testing.T) {
	key := `"5f1d3b7a9c2e4806b1d7f3a95c0e2846"`
	for _, c := range []struct {
		name, typ, body, code string
		parameters            []any
		fields                []string
	}{
		{"a missing field", "NEW_RELIC", `{"type":"NEW_RELIC","accountId":"a","licenseKey":"b","readToken":"c"}`, "MISSING_ATTRIBUTE", []any{"writeToken"}, []string{"writeToken"}},
		{"no type", "SLACK", `{"apiToken":"a","channelName":"b"}`, "MISSING_ATTRIBUTE", []any{"type"}, []string{"type"}},
		{"the type of another path", "SLACK", `{"type":"DATADOG","apiKey":` + key + `,"region":"US"}`, "INVALID_ATTRIBUTE", []any{"type"}, []string{"type"}},
		{"a key that is not hexadecimal", "DATADOG", `{"type":"DATADOG","apiKey":"not-a-key","region":"US"}`, "INVALID_INTEGRATION_SETTINGS", []any{"DATADOG", "apiKey must be a hexadecimal string"}, []string{"apiKey"}},
		{"a mask in a create", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"********************************2e64"}`, "INVALID_INTEGRATION_SETTINGS", []any{"OPS_GENIE", "apiKey must not be a redacted value"}, []string{"apiKey"}},
		{"two faults", "PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"short","routingKey":"x"}`, "", nil, []string{"routingKey", "serviceKey"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			api, _ := sdk(t)
			_, res, err := api.CreateThirdPartyIntegration(t.Context(), c.typ, project, decoded[sdkIntegration](t, c.body)).Execute()
			code := c.code
			if code == "" { // any of the two
				code = res.Header.Get("X-Error-Code")
			}
			refused := sdkRefused(t, err, http.StatusBadRequest, code)
			same(t, "X-Error-Code", code, res.Header.Get("X-Error-Code"))
			same(t, "fields", c.fields, violations(refused))
			if c.parameters != nil {
				same(t, "parameters", c.parameters, refused.GetParameters())
			}
		})
	}
}

// A mask that is not the one of what is stored must not overwrite it.
func TestSDKForeignMaskIsRefused(t *testing.T) {
	api, f := sdk(t)
	c := typesV2[2]
	sdkCreate(t, api, c)
	body := decodedOver(t, *decoded[sdkIntegration](t, c.sent), `{"apiKey":"****************************9999"}`)
	_, _, err := api.UpdateThirdPartyIntegration(t.Context(), c.typ, project, body).Execute()
	sdkRefused(t, err, http.StatusBadRequest, "INVALID_INTEGRATION_SETTINGS")
	same(t, "stored", any("a3c9e17b5d204f68b0e2d4c6a8f13579"), f.stored(t, c.typ, "apiKey"))
}

func TestSDKStrictMasks(t *testing.T) {
	api, _ := sdk(t, fakeatlas.WithStrictMasks())
	c := typesV2[2]
	sdkCreate(t, api, c)
	one, _, err := api.GetThirdPartyIntegration(t.Context(), project, c.typ).Execute()
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = api.UpdateThirdPartyIntegration(t.Context(), c.typ, project, one).Execute()
	sdkRefused(t, err, http.StatusBadRequest, "INVALID_INTEGRATION_SETTINGS")
}

func TestSDKPages(t *testing.T) {
	api, _ := sdk(t)
	for _, c := range slices.Backward(typesV2) {
		sdkCreate(t, api, c)
	}
	var types, rels []string
	for number := 1; number <= 3; number++ {
		page, _, err := api.ListThirdPartyIntegrations(t.Context(), project).ItemsPerPage(4).PageNum(number).Execute()
		if err != nil {
			t.Fatal(err)
		}
		same(t, "totalCount", len(typesV2), page.GetTotalCount())
		for _, one := range page.GetResults() {
			types = append(types, one.GetType())
		}
		for _, link := range page.GetLinks() {
			rels = append(rels, link.GetRel())
		}
	}
	same(t, "types", names(typesV2), types)
	same(t, "links", []string{"self", "next", "self", "previous", "next", "self", "previous"}, rels)
}

func TestSDKWithoutCount(t *testing.T) {
	api, _ := sdk(t)
	sdkCreate(t, api, typesV2[0])
	page, _, err := api.ListThirdPartyIntegrations(t.Context(), project).IncludeCount(false).Execute()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "has a count", false, page.HasTotalCount())
	same(t, "results", 1, len(page.GetResults()))
}

// A page of the answer to a create need not hold what was created.
func TestSDKCreatedOffThePage(t *testing.T) {
	api, _ := sdk(t)
	sdkCreate(t, api, typesV2[0])
	page, _, err := api.CreateThirdPartyIntegration(t.Context(), "SLACK", project, decoded[sdkIntegration](t, typesV2[1].sent)).ItemsPerPage(1).Execute()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "page", []any{"PAGER_DUTY", 1, 2}, []any{page.GetResults()[0].GetType(), len(page.GetResults()), page.GetTotalCount()})
}

func TestSDKBadPage(t *testing.T) {
	api, _ := sdk(t)
	_, _, err := api.ListThirdPartyIntegrations(t.Context(), project).ItemsPerPage(501).Execute()
	refused := sdkRefused(t, err, http.StatusBadRequest, "INVALID_QUERY_PARAMETER")
	same(t, "parameters", []any{"itemsPerPage"}, refused.GetParameters())
}

func TestSDKRateLimitHeaders(t *testing.T) {
	api, _ := sdk(t)
	var left []string
	for range 3 {
		_, res, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute()
		if err != nil {
			t.Fatal(err)
		}
		same(t, "limit", "1200", res.Header.Get("RateLimit-Limit"))
		left = append(left, res.Header.Get("RateLimit-Remaining"))
	}
	same(t, "remaining", []string{"1199", "1198", "1197"}, left)
}

func TestSDKRateLimited(t *testing.T) {
	api, _ := sdk(t, fakeatlas.WithRateLimit(2))
	for range 2 {
		if _, _, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	_, res, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute()
	refused := sdkRefused(t, err, http.StatusTooManyRequests, "RATE_LIMITED_TOKEN_BUCKET")
	parameters := refused.GetParameters()
	same(t, "number of parameters", 5, len(parameters))
	same(t, "resource", any("api/atlas/v2/groups/"+project+"/integrations"), parameters[0])
	same(t, "bucket", []any{2.0, 2.0, 60.0}, parameters[2:])
	same(t, "remaining", "0", res.Header.Get("RateLimit-Remaining"))
	same(t, "says when to come back", true, res.Header.Get("Retry-After") != "")
}

func TestSDKUnknownProject(t *testing.T) {
	api, _ := sdk(t, fakeatlas.WithProjects("000000000000000000000001"))
	_, _, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute()
	refused := sdkRefused(t, err, http.StatusNotFound, "GROUP_NOT_FOUND")
	same(t, "parameters", []any{project}, refused.GetParameters())
}

func TestSDKWrongKey(t *testing.T) {
	f := start(t)
	api := sdkClient(t, f.URL, admin.UseDigestAuth(fakeatlas.DefaultPublicKey, "wrong"))
	_, _, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute()
	refused := sdkRefused(t, err, http.StatusUnauthorized, "UNEXPECTED_ERROR")
	same(t, "detail", "You are not authorized for this resource.", refused.GetDetail())
}

// The SDK words refusals in a sentence that its users see in logs.
func TestSDKErrorText(t *testing.T) {
	api, _ := sdk(t)
	_, _, err := api.GetThirdPartyIntegration(t.Context(), project, "SLACK").Execute()
	same(t, "text", "/api/atlas/v2/groups/"+project+`/integrations/SLACK GET: HTTP 404 Not Found (Error code: "INTEGRATION_NOT_CONFIGURED") `+
		"Detail: The integration of type 'SLACK' is not configured for this group. Reason: Not Found. Params: [SLACK], BadRequestDetail: ",
		afterHost(err))
}

// Of many creates at once, one succeeds, whichever client sends it.
func TestSDKCreatesAtOnce(t *testing.T) {
	f := start(t)
	var wait sync.WaitGroup
	var created, refused atomic.Int32
	for i := range 16 {
		login := sdkClients[[]string{"digest", "service account"}[i%2]]
		api := sdkClient(t, f.URL, login(t.Context()))
		body := decoded[sdkIntegration](t, typesV2[2].sent)
		wait.Go(func() {
			_, _, err := api.CreateThirdPartyIntegration(t.Context(), "DATADOG", project, body).Execute()
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
