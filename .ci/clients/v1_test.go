package clients

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-querystring/query"
	"github.com/mongodb-forks/digest"
	atlas "go.mongodb.org/atlas/mongodbatlas"
)

type v1Integration = atlas.ThirdPartyIntegration

// v1Client makes the Go client of v1.0 as its documentation does.
func v1Client(t *testing.T, f fake, public, private string) *atlas.Client {
	t.Helper()
	httpClient, err := digest.NewTransport(public, private).Client()
	wantNoError(t, err)
	client, err := atlas.New(httpClient, atlas.SetBaseURL(f.URL))
	wantNoError(t, err)
	return client
}

func v1Calls(t *testing.T, client *atlas.Client) calls {
	api, ctx := client.Integrations, t.Context()
	decode := func(texts ...string) any { return decoded[v1Integration](t, texts...) }
	page := func(page *atlas.ThirdPartyIntegrations, res *atlas.Response, err error) result {
		got := result{t: t, decode: decode, res: res.Response, err: err}
		if err == nil {
			got.total = page.TotalCount
			for _, one := range page.Results {
				got.list = append(got.list, one)
			}
		}
		return got
	}
	return calls{
		decode: decode,
		create: func(typ string, body any) result { return page(api.Create(ctx, project, typ, body.(*v1Integration))) },
		update: func(typ string, body any) result { return page(api.Replace(ctx, project, typ, body.(*v1Integration))) },
		list:   func() result { return page(api.List(ctx, project)) },
		get: func(typ string) result {
			one, res, err := api.Get(ctx, project, typ)
			return result{t, decode, res.Response, err, []any{one}, 1}
		},
		remove: func(typ string) result {
			res, err := api.Delete(ctx, project, typ)
			return result{t: t, res: res.Response, err: err}
		},
	}
}

// Lists have the order of types. The client's List takes no options, so its users request pages with its requests and
// its ListOptions.
func TestV1Pages(t *testing.T) {
	f := start(t)
	client, cases := v1Client(t, f, key.PublicKey, key.PrivateKey), types(t, "v1.0")
	var found, read []string
	for _, c := range slices.Backward(cases) {
		f.must("POST v1.0/" + c.Type + " " + c.Sent)
		read = append([]string{c.Read}, read...)
	}
	v1Calls(t, client).list().page("list", read...)
	for number := 1; ; number++ {
		values, err := query.Values(atlas.ListOptions{PageNum: number, ItemsPerPage: 4, IncludeCount: true})
		wantNoError(t, err)
		path := fmt.Sprintf("api/atlas/v1.0/groups/%s/integrations?%s", project, values.Encode())
		req, err := client.NewRequest(t.Context(), http.MethodGet, path, nil)
		wantNoError(t, err)
		page := new(atlas.ThirdPartyIntegrations)
		res, err := client.Do(t.Context(), req, page)
		wantNoError(t, err)
		res.Links = page.Links
		current, err := res.CurrentPage()
		wantNoError(t, err)
		same(t, "total count and current page", []int{len(cases), number}, []int{page.TotalCount, current})
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
