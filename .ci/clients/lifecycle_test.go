package clients

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/fakeatlas"
)

// typeCase is an entry of testdata/types.yaml.
type typeCase struct{ Type, Sent, Read, Change, Reread, Secret string }

// types returns the cases of an API version: v1.0 or v2.
func types(t *testing.T, version string) []typeCase {
	t.Helper()
	cases := table[map[string][]typeCase](t, "types.yaml")[version]
	if len(cases) == 0 {
		t.Fatalf("types.yaml has no types of %s", version)
	}
	return cases
}

var withoutIDs = cmpopts.IgnoreMapEntries(func(name string, _ any) bool { return name == "id" })

func TestEveryType(t *testing.T) {
	for name, connect := range libraries {
		version, _, _ := strings.Cut(name, " ")
		for _, c := range types(t, version) {
			t.Run(name+"/"+c.Type, func(t *testing.T) {
				f := start(t)
				c.run(f, connect(t, f.URL, key.PublicKey, key.PrivateKey))
			})
		}
	}
}

// run creates an integration, changes it and deletes it.
func (c typeCase) run(f fake, call library) {
	// want sends a request that has to succeed, compares the only integration in the response, and returns it.
	want := func(integration, method string, bodies ...string) map[string]any {
		f.t.Helper()
		body := ""
		if len(bodies) > 0 {
			body = encoded(f.t, fields(f.t, bodies...))
		}
		got := call(method, c.Type, body)
		wantNoError(f.t, got.err)
		same(f.t, "status and total count", []int{http.StatusOK, 1}, []int{got.status, got.total})
		same(f.t, method+" "+body, []map[string]any{fields(f.t, integration)}, got.list, withoutIDs)
		return got.list[0]
	}
	keepsSecret := func() {
		f.t.Helper()
		in, _ := f.Integration(project, c.Type)
		same(f.t, "the stored "+c.Secret, fields(f.t, c.Sent, c.Change)[c.Secret], in.Fields[c.Secret])
	}
	id := want(c.Read, "POST", c.Sent)["id"]
	got := rejected(f.t, call("POST", c.Type, c.Sent).err, 409, "INTEGRATION_ALREADY_CONFIGURED")
	same(f.t, "detail", "The integration of type '"+c.Type+"' is already configured for this group.", got.detail)
	want(c.Read, "LIST")
	want(c.Reread, "PUT", c.Sent, c.Change)
	keepsSecret()
	want(c.Read, "PUT", c.Sent)

	// Clients that read, change a field and write send the ID and the masks of all secrets back.
	read := want(c.Read, "GET")
	want(c.Read, "PUT", encoded(f.t, read))
	last := want(c.Reread, "PUT", encoded(f.t, read), c.Change)
	same(f.t, "IDs", []any{id, id}, []any{read["id"], last["id"]})
	keepsSecret()

	same(f.t, "delete", http.StatusNoContent, call("DELETE", c.Type, "").status)
	rejected(f.t, call("GET", c.Type, "").err, 404, "INTEGRATION_NOT_CONFIGURED")
	rejected(f.t, call("DELETE", c.Type, "").err, 404, "INTEGRATION_NOT_CONFIGURED")
	want(c.Read, "PUT", c.Sent)
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
				f, method := start(t), "POST"
				if c.Update {
					method = "PUT"
				}
				connect := libraries[map[string]string{"v1.0": "v1.0", "v2": "v2 digest"}[version]]
				got := rejected(t, connect(t, f.URL, key.PublicKey, key.PrivateKey)(method, c.Type, c.Body).err, 400, c.Code)
				same(t, "fields", c.Fields, got.fields)
				if c.Parameters != nil {
					same(t, "parameters", c.Parameters, got.parameters)
				}
				same(t, "stored after a rejection", 0, len(f.Integrations(project)))
			})
		}
	}
}

func TestRefusedEverywhere(t *testing.T) {
	f, elsewhere := start(t), start(t, fakeatlas.WithProjects("000000000000000000000001"))
	for name, connect := range libraries {
		rejected(t, connect(t, elsewhere.URL, key.PublicKey, key.PrivateKey)("LIST", "", "").err, 404, "GROUP_NOT_FOUND")
		if name == "v2 service account" { // TestSDKWrongAccount
			continue
		}
		got := rejected(t, connect(t, f.URL, key.PublicKey, "wrong")("POST", "SLACK", `{"type":"SLACK"}`).err, 401, "UNEXPECTED_ERROR")
		same(t, "detail", "You are not authorized for this resource.", got.detail)
		rejected(t, connect(t, f.URL, "wrong", key.PrivateKey)("LIST", "", "").err, 401, "UNEXPECTED_ERROR")
	}
}
