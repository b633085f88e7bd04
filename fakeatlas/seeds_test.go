package fakeatlas_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
)

// generated returns a payload as a pointer to the generated struct of its type, with an empty Type, and as the
// generated union of all types.
func generated(t *testing.T, version string, doc []byte) (view, union any) {
	t.Helper()
	var v2 atlasv2.Integration
	var v1 atlasv1.Integration
	if err := errors.Join(json.Unmarshal(doc, &v2), json.Unmarshal(doc, &v1)); err != nil {
		t.Fatal(err)
	}
	value, union := v2.ValueByDiscriminator, any(v2)
	if version == schemas.V1 {
		value, union = v1.ValueByDiscriminator, v1
	}
	found, err := value()
	if err != nil {
		t.Fatal(err)
	}
	p := reflect.New(reflect.TypeOf(found))
	p.Elem().Set(reflect.ValueOf(found))
	p.Elem().FieldByName("Type").SetZero()
	return p.Interface(), union
}

// Seed accepts what NewPayload of package client accepts, and payloads of it. It stores a generated value as POST of
// its API version does.
func TestSeedsOfGo(t *testing.T) {
	for _, version := range []string{schemas.V1, schemas.V2} {
		for typ, body := range examplePayloads(t, version) {
			posted := newServer(t)
			path := integrations(version, project, "/"+typ)
			wantStatus(t, call(t, posted, "POST", path, string(body), "Accept: "+schemas.MediaTypeV2), 200, "")
			want, _ := posted.Integration(project, typ)
			view, union := generated(t, version, body)
			seeds := []any{view, reflect.ValueOf(view).Elem().Interface(), union}
			if version == schemas.V2 || schemas.Find(schemas.V2, typ) == nil {
				p, err := client.NewPayload(view)
				if err != nil {
					t.Fatal(err)
				}
				seeds = append(seeds, p, &p, p.JSON())
			}
			for _, seed := range seeds {
				s := newServer(t)
				if err := s.Seed(project, seed); err != nil {
					t.Errorf("%s %s as %T: %v", version, typ, seed, err)
					continue
				}
				got, _ := s.Integration(project, typ)
				if diff := cmp.Diff(want.Fields, got.Fields); diff != "" {
					t.Errorf("%s %s as %T (-want +got):\n%s", version, typ, seed, diff)
				}
			}
		}
	}
}

func TestRejectedSeedsOfGo(t *testing.T) {
	for _, tc := range []struct {
		seed any
		want string
	}{
		{atlasv2.OpsGenie{}, "the payload of OPS_GENIE is invalid: "},
		{atlasv2.OpsGenie{Type: "DATADOG", APIKey: "k-1111"}, `the payload of OPS_GENIE is invalid: its Type is "DATADOG"`},
		{(*atlasv2.OpsGenie)(nil), "the payload of OPS_GENIE is invalid: it is not a JSON object"},
		{client.Payload{}, "the payload of an unknown type is invalid: "},
		{(*client.Payload)(nil), "the payload of an unknown type is invalid: "},
	} {
		s := newServer(t)
		err := s.Seed(project, tc.seed)
		var rejected *fakeatlas.PayloadError
		if !errors.As(err, &rejected) || !strings.HasPrefix(rejected.Error(), tc.want) || len(s.Integrations(project)) > 0 {
			t.Errorf("%T: the error is %v, want %s", tc.seed, err, tc.want)
		}
	}
}
