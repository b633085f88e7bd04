package clients

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-querystring/query"
	"github.com/mongodb-forks/digest"
	atlas "go.mongodb.org/atlas/mongodbatlas"

	"github.com/atlasint/atlasint/fakeatlas"
)

type v1Integration = atlas.ThirdPartyIntegration

// v1ClientOf makes the Go client of v1.0 as its documentation does.
func v1ClientOf(t *testing.T, f fake, public, private string) *atlas.Client {
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

func v1Client(t *testing.T, f fake) *atlas.Client {
	t.Helper()
	return v1ClientOf(t, f, fakeatlas.DefaultAPIKey.PublicKey, fakeatlas.DefaultAPIKey.PrivateKey)
}

func v1(t *testing.T, opts ...fakeatlas.Option) (calls[v1Integration], fake) {
	t.Helper()
	f := start(t, opts...)
	return v1Calls(t, v1Client(t, f)), f
}

func v1Calls(t *testing.T, client *atlas.Client) calls[v1Integration] {
	api, ctx := client.Integrations, t.Context()
	page := func(page *atlas.ThirdPartyIntegrations, res *atlas.Response, err error) result[v1Integration] {
		if err != nil {
			return result[v1Integration]{t: t, res: res.Response, err: err}
		}
		return result[v1Integration]{t, res.Response, nil, page.Results, page.TotalCount}
	}
	return calls[v1Integration]{
		create: func(typ string, body *v1Integration) result[v1Integration] {
			return page(api.Create(ctx, project, typ, body))
		},
		update: func(typ string, body *v1Integration) result[v1Integration] {
			return page(api.Replace(ctx, project, typ, body))
		},
		list: func() result[v1Integration] { return page(api.List(ctx, project)) },
		get: func(typ string) result[v1Integration] {
			one, res, err := api.Get(ctx, project, typ)
			return result[v1Integration]{t, res.Response, err, []*v1Integration{one}, 1}
		},
		remove: func(typ string) result[v1Integration] {
			res, err := api.Delete(ctx, project, typ)
			return result[v1Integration]{t, res.Response, err, nil, 0}
		},
	}
}

func TestV1ListsInTheOrderOfTypes(t *testing.T) {
	api, _ := v1(t)
	var want []string
	for _, c := range slices.Backward(types(t, "v1.0")) {
		api.create(c.Type, decoded[v1Integration](t, c.Sent)).ok()
		want = append(want, c.Read)
	}
	slices.Reverse(want)
	api.list().page("list", want...)
}

// The client's List takes no options, so its users request pages with its requests and its ListOptions.
func TestV1Pages(t *testing.T) {
	f := start(t)
	client, cases := v1Client(t, f), types(t, "v1.0")
	for _, c := range cases {
		f.must("POST v1.0/" + c.Type + " " + c.Sent)
	}
	var found []string
	for number := 1; ; number++ {
		page, res := v1Page(t, client, atlas.ListOptions{PageNum: number, ItemsPerPage: 4, IncludeCount: true})
		same(t, "totalCount", len(cases), page.TotalCount)
		current, err := res.CurrentPage()
		if err != nil {
			t.Fatal(err)
		}
		same(t, "current page", number, current)
		for _, one := range page.Results {
			found = append(found, one.Type)
		}
		if res.IsLastPage() || number > len(cases) {
			same(t, "pages", 3, number)
			break
		}
	}
	same(t, "types", names(cases), found)
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

func TestV1Refusals(t *testing.T) {
	for _, c := range []struct{ name, method, typ, body, code string }{
		{"a field of another type", "POST", "DATADOG", `{"type":"DATADOG","apiKey":"` + key32 + `","routingKey":"x"}`, "INVALID_ATTRIBUTE"},
		{"routing key for PagerDuty", "POST", "PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"` + key32 + `","routingKey":"r"}`, "INVALID_ATTRIBUTE"},
		{"routing key for PagerDuty, PUT", "PUT", "PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"` + key32 + `","routingKey":"r"}`, "INTEGRATION_FIELDS_INVALID"},
		{"a key that is not hexadecimal", "POST", "DATADOG", `{"type":"DATADOG","apiKey":"not-a-key","region":"US"}`, "INVALID_INTEGRATION_SETTINGS"},
		{"an unknown region", "POST", "DATADOG", `{"type":"DATADOG","apiKey":"` + key32 + `","region":"US1"}`, "INVALID_ENUM_VALUE"},
		{"a missing field", "POST", "FLOWDOCK", `{"type":"FLOWDOCK","flowName":"databases","orgName":"example"}`, "MISSING_ATTRIBUTE"},
		{"no type", "POST", "WEBHOOK", `{"url":"https://hooks.example.com/4f7c"}`, "MISSING_ATTRIBUTE"},
		{"the type of another path", "POST", "WEBHOOK", `{"type":"DATADOG","apiKey":"` + key32 + `"}`, "INVALID_ATTRIBUTE"},
		{"HipChat", "POST", "HIP_CHAT", `{"type":"HIP_CHAT"}`, "HIPCHAT_NOT_SUPPORTED"},
		// The client omits false, so it can't create a Prometheus integration that is off.
		{"Prometheus that is off", "POST", "PROMETHEUS", `{"type":"PROMETHEUS","enabled":false,"username":"a","password":"b","serviceDiscovery":"http"}`, "MISSING_ATTRIBUTE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			api, f := v1(t)
			call := api.create
			if c.method == http.MethodPut {
				call = api.update
			}
			call(c.typ, decoded[v1Integration](t, c.body)).rejected(400, c.code)
			same(t, "stored after a rejection", 0, len(f.all()))
		})
	}
}

func TestV1UnknownProject(t *testing.T) {
	api, _ := v1(t, fakeatlas.WithProjects("000000000000000000000001"))
	api.list().rejected(404, "GROUP_NOT_FOUND")
}

func TestV1WrongKey(t *testing.T) {
	f := start(t)
	for _, keys := range [][2]string{{fakeatlas.DefaultAPIKey.PublicKey, "wrong"}, {"wrong", fakeatlas.DefaultAPIKey.PrivateKey}} {
		api := v1Calls(t, v1ClientOf(t, f, keys[0], keys[1]))
		api.create("SLACK", decoded[v1Integration](t, typeOf(t, "SLACK").Sent)).rejected(401, "UNEXPECTED_ERROR")
	}
}
