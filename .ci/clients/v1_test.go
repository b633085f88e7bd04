package clients

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-querystring/query"
	"github.com/mongodb-forks/digest"
	atlas "go.mongodb.org/atlas/mongodbatlas"

	"github.com/atlasint/atlasint/fakeatlas"
)

// v1Client is the Go client of v1.0, made as its own documentation makes one.
func v1Client(t *testing.T, f fake, public, private string) *atlas.Client {
	t.Helper()
	httpClient, err := digest.NewTransport(public, private).Client()
	if err != nil {
		t.Fatal(err)
	}
	client, err := atlas.New(httpClient, atlas.SetBaseURL(f.URL))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func v1(t *testing.T, opts ...fakeatlas.Option) (*atlas.Client, fake) {
	t.Helper()
	f := start(t, opts...)
	return v1Client(t, f, fakeatlas.DefaultPublicKey, fakeatlas.DefaultPrivateKey), f
}

type v1Integration = atlas.ThirdPartyIntegration

func v1Create(t *testing.T, client *atlas.Client, c typeCase) {
	t.Helper()
	if _, _, err := client.Integrations.Create(t.Context(), project, c.typ, decoded[v1Integration](t, c.sent)); err != nil {
		t.Fatalf("create %s: %v", c.typ, err)
	}
}

// overlaid is a payload with the change in it.
func (c typeCase) overlaid(t *testing.T, base string) *v1Integration {
	t.Helper()
	return decodedOver(t, *decoded[v1Integration](t, base), c.change)
}

func v1Refused(t *testing.T, err error, status int, code string) {
	t.Helper()
	var refused *atlas.ErrorResponse
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want %d %s", err, status, code)
	}
	same(t, "refusal", []any{status, status, code, http.StatusText(status)},
		[]any{refused.Response.StatusCode, refused.HTTPCode, refused.ErrorCode, refused.Reason})
}

func TestV1EveryType(t *testing.T) {
	for _, c := range typesV1 {
		t.Run(c.typ, func(t *testing.T) {
			client, f := v1(t)
			api, ctx := client.Integrations, t.Context()
			want, wantThen := decoded[v1Integration](t, c.read), decoded[v1Integration](t, c.reread)

			page, res, err := api.Create(ctx, project, c.typ, decoded[v1Integration](t, c.sent))
			if err != nil {
				t.Fatal(err)
			}
			same(t, "create", []any{200, 1, []*v1Integration{want}}, []any{res.StatusCode, page.TotalCount, page.Results})

			_, _, err = api.Create(ctx, project, c.typ, decoded[v1Integration](t, c.sent))
			v1Refused(t, err, http.StatusConflict, "INTEGRATION_ALREADY_CONFIGURED")

			page, _, err = api.List(ctx, project)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "list", []*v1Integration{want}, page.Results)
			one, _, err := api.Get(ctx, project, c.typ)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "get", want, one)

			page, res, err = api.Replace(ctx, project, c.typ, c.overlaid(t, c.sent))
			if err != nil {
				t.Fatal(err)
			}
			same(t, "replace", []any{200, 1, []*v1Integration{wantThen}}, []any{res.StatusCode, page.TotalCount, page.Results})
			f.keeps(t, c)

			res, err = api.Delete(ctx, project, c.typ)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "delete", http.StatusNoContent, res.StatusCode)
			_, _, err = api.Get(ctx, project, c.typ)
			v1Refused(t, err, http.StatusNotFound, "INTEGRATION_NOT_CONFIGURED")
			_, err = api.Delete(ctx, project, c.typ)
			v1Refused(t, err, http.StatusNotFound, "INTEGRATION_NOT_CONFIGURED")
		})
	}
}

// keeps tells that a secret is as it was created, unless the case changes it.
func (f fake) keeps(t *testing.T, c typeCase) {
	t.Helper()
	want := (*decoded[map[string]any](t, c.sent))[c.secret]
	if changed, ok := (*decoded[map[string]any](t, c.change))[c.secret]; ok {
		want = changed
	}
	same(t, "the stored "+c.secret, want, f.stored(t, c.typ, c.secret))
}

// Clients that read, change one field and write send the masks of all secrets back.
func TestV1ReadChangeWrite(t *testing.T) {
	for _, c := range typesV1 {
		t.Run(c.typ, func(t *testing.T) {
			client, f := v1(t)
			v1Create(t, client, c)
			one, _, err := client.Integrations.Get(t.Context(), project, c.typ)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err = client.Integrations.Replace(t.Context(), project, c.typ, one); err != nil {
				t.Fatalf("as it was read: %v", err)
			}
			one = decodedOver(t, *one, c.change)
			page, _, err := client.Integrations.Replace(t.Context(), project, c.typ, one)
			if err != nil {
				t.Fatalf("with a change: %v", err)
			}
			same(t, "replace", []*v1Integration{decoded[v1Integration](t, c.reread)}, page.Results)
			f.keeps(t, c)
		})
	}
}

func TestV1ReplaceOfNothingCreates(t *testing.T) {
	for _, c := range typesV1 {
		t.Run(c.typ, func(t *testing.T) {
			client, _ := v1(t)
			page, _, err := client.Integrations.Replace(t.Context(), project, c.typ, decoded[v1Integration](t, c.sent))
			if err != nil {
				t.Fatal(err)
			}
			same(t, "replace", []*v1Integration{decoded[v1Integration](t, c.read)}, page.Results)
		})
	}
}

func TestV1ListsInTheOrderOfTypes(t *testing.T) {
	client, _ := v1(t)
	var want []*v1Integration
	for _, c := range slices.Backward(typesV1) {
		v1Create(t, client, c)
		want = append(want, decoded[v1Integration](t, c.read))
	}
	slices.Reverse(want)
	page, _, err := client.Integrations.List(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "list", want, page.Results)
	same(t, "totalCount", len(want), page.TotalCount)
}

// The client's List takes no options, so its users ask for pages with its requests and its ListOptions.
func TestV1Pages(t *testing.T) {
	client, _ := v1(t)
	for _, c := range typesV1 {
		v1Create(t, client, c)
	}
	var types []string
	for number := 1; ; number++ {
		page, res := v1Page(t, client, atlas.ListOptions{PageNum: number, ItemsPerPage: 4, IncludeCount: true})
		same(t, "totalCount", len(typesV1), page.TotalCount)
		current, err := res.CurrentPage()
		if err != nil {
			t.Fatal(err)
		}
		same(t, "current page", number, current)
		for _, one := range page.Results {
			types = append(types, one.Type)
		}
		if res.IsLastPage() || number > len(typesV1) {
			same(t, "pages", 3, number)
			break
		}
	}
	same(t, "types", names(typesV1), types)
}

func v1Page(t *testing.T, client *atlas.Client, options atlas.ListOptions) (*atlas.ThirdPartyIntegrations, *atlas.Response) {
	t.Helper()
	values, err := query.Values(options)
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("api/atlas/v1.0/groups/%s/integrations?%s", project, values.Encode())
	req, err := client.NewRequest(t.Context(), http.MethodGet, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	page := new(atlas.ThirdPartyIntegrations)
	res, err := client.Do(t.Context(), req, page)
	if err != nil {
		t.Fatal(err)
	}
	res.Links = page.Links
	return page, res
}

func names(cases []typeCase) []string {
	var all []string
	for _, c := range cases {
		all = append(all, c.typ)
	}
	return all
}

func TestV1Refusals(t *testing.T) {
	key := "5f1d3b7a9c2e4806b1d7f3a95c0e2846"
	for _, c := range []struct {
		name, method, typ, body string
		status                  int
		code                    string
	}{
		{"a field of another type", "POST", "DATADOG", `{"type":"DATADOG","apiKey":"` + key + `","routingKey":"x"}`, 400, "INVALID_ATTRIBUTE"},
		{"routing key for PagerDuty", "POST", "PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"` + key + `","routingKey":"r"}`, 400, "INVALID_ATTRIBUTE"},
		{"routing key for PagerDuty, PUT", "PUT", "PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"` + key + `","routingKey":"r"}`, 400, "INTEGRATION_FIELDS_INVALID"},
		{"a key that is not hexadecimal", "POST", "DATADOG", `{"type":"DATADOG","apiKey":"not-a-key","region":"US"}`, 400, "INVALID_INTEGRATION_SETTINGS"},
		{"an unknown region", "POST", "DATADOG", `{"type":"DATADOG","apiKey":"` + key + `","region":"US1"}`, 400, "INVALID_ENUM_VALUE"},
		{"a missing field", "POST", "FLOWDOCK", `{"type":"FLOWDOCK","flowName":"databases","orgName":"example"}`, 400, "MISSING_ATTRIBUTE"},
		{"no type", "POST", "WEBHOOK", `{"url":"https://hooks.example.com/4f7c"}`, 400, "MISSING_ATTRIBUTE"},
		{"the type of another path", "POST", "WEBHOOK", `{"type":"DATADOG","apiKey":"` + key + `"}`, 400, "INVALID_ATTRIBUTE"},
		{"HipChat", "POST", "HIP_CHAT", `{"type":"HIP_CHAT"}`, 400, "HIPCHAT_NOT_SUPPORTED"},
		// The client leaves false out, so nobody can create a Prometheus integration that is off.
		{"Prometheus that is off", "POST", "PROMETHEUS", `{"type":"PROMETHEUS","enabled":false,"username":"a","password":"b","serviceDiscovery":"http"}`, 400, "MISSING_ATTRIBUTE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, f := v1(t)
			do := client.Integrations.Create
			if c.method == http.MethodPut {
				do = client.Integrations.Replace
			}
			_, _, err := do(t.Context(), project, c.typ, decoded[v1Integration](t, c.body))
			v1Refused(t, err, c.status, c.code)
			same(t, "stored after a refusal", 0, len(f.all(t)))
		})
	}
}

func TestV1UnknownProject(t *testing.T) {
	client, _ := v1(t, fakeatlas.WithProjects("000000000000000000000001"))
	_, _, err := client.Integrations.List(t.Context(), project)
	v1Refused(t, err, http.StatusNotFound, "GROUP_NOT_FOUND")
}

func TestV1WrongKey(t *testing.T) {
	f := start(t)
	for _, keys := range [][2]string{{fakeatlas.DefaultPublicKey, "wrong"}, {"wrong", fakeatlas.DefaultPrivateKey}} {
		client := v1Client(t, f, keys[0], keys[1])
		_, _, err := client.Integrations.Create(t.Context(), project, "SLACK", decoded[v1Integration](t, typesV1[1].sent))
		v1Refused(t, err, http.StatusUnauthorized, "UNEXPECTED_ERROR")
	}
}
