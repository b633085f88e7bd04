package fakeatlas

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// bodies is the number of random bodies of one run: 900000 with ATLASINT_BODIES=900000.
func bodies(t *testing.T) int {
	t.Helper()
	if text := os.Getenv("ATLASINT_BODIES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if testing.Short() {
		return 2000
	}
	return 4000
}

// The validator and the fake agree on random bodies of all types and both API versions, whether they create an
// integration or update one. With StrictFields they agree on all bodies, and without it on the bodies from which empty
// optional fields are removed.
func TestAgreementOnRandomBodies(t *testing.T) {
	n := bodies(t)
	random := rand.New(rand.NewPCG(20261128, 15))
	var benches []*bodyTest
	for _, strict := range []bool{true, false} {
		for _, apiVersion := range apiVersions {
			for _, typ := range typeNames(apiVersion) {
				benches = append(benches, newBodyTest(t, strict, apiVersion, typ))
			}
		}
	}
	verdicts := map[int]int{}
	for i := range n {
		b := benches[i%len(benches)]
		body := b.body(random)
		for _, method := range []string{http.MethodPost, http.MethodPut} {
			verdicts[b.compare(t, method, body, method == http.MethodPut && random.IntN(4) > 0)]++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d bodies, %d requests: %v", n, 2*n, verdicts)
	if verdicts[200] < n/5 || verdicts[400] < n/5 {
		t.Errorf("lopsided: %v", verdicts)
	}
}

// bodyTest is a server that has one integration of a type, or none.
type bodyTest struct {
	w       *modelTest // for its rules; it has no model
	s       *Server
	api     string
	typ     string
	example string
	masks   map[string]any
}

func newBodyTest(t *testing.T, strict bool, apiVersion, typ string) *bodyTest {
	t.Helper()
	opts := []Option{WithoutAuth()}
	if strict {
		opts = append(opts, WithChoices(Choices{StrictFields: true}))
	}
	s, err := New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	b := &bodyTest{
		w: &modelTest{strict: strict, validators: newValidators(t, strict)}, s: s, api: apiVersion, typ: typ,
		example: examplePayload(t, apiVersion, typ),
	}
	b.reset(t, true)
	shown := map[string]any{}
	_ = json.Unmarshal(b.send(http.MethodGet, "").Body.Bytes(), &shown)
	b.masks = map[string]any{}
	for _, f := range knownFields(apiVersion, typ) {
		if _, ok := shown[f.Name]; ok && f.Secret != "" {
			b.masks[f.Name] = shown[f.Name]
		}
	}
	return b
}

// reset leaves the server with the example of the type, or without any integration.
func (b *bodyTest) reset(t *testing.T, stored bool) {
	t.Helper()
	_ = b.s.DeleteIntegration(testProject, b.typ) // there may be none
	if !stored {
		return
	}
	if got := b.send(http.MethodPost, b.example); got.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", b.api, b.typ, got.Code, got.Body)
	}
}

func (b *bodyTest) send(method, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/atlas/"+b.api+"/groups/"+testProject+"/integrations/"+b.typ, strings.NewReader(body))
	r.Header.Set("Accept", schemas.MediaTypeV2)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.s.ServeHTTP(w, r)
	return w
}

// compare sends a body and returns the status that the validator expects; it fails the test if the server gives
// another one.
func (b *bodyTest) compare(t *testing.T, method, body string, stored bool) int {
	t.Helper()
	b.reset(t, stored)
	operation := validate.Create
	if stored {
		operation = validate.Update
	}
	sent, faults := b.w.validate(b.api, b.typ, body, operation)
	if stored {
		all := sentFields(body)
		faults = slices.DeleteFunc(faults, func(f validate.Finding) bool {
			name := strings.TrimPrefix(f.Pointer, "/")
			return unset(b.api, b.typ, name, all) && f.Rule != "duplicate-key" ||
				f.Rule == "masked-value" && hasKey(b.masks, name) && b.masks[name] == sent[name]
		})
	}
	want := http.StatusOK
	if len(faults) > 0 {
		want = http.StatusBadRequest
	}
	if got := b.send(method, body); got.Code != want {
		t.Errorf("%s, strict %v, %s, stored %v: the server returns %d, the validator expects %d: %s\n%s\n%v",
			b.api, b.w.strict, method, stored, got.Code, want, body, got.Body, faults)
	}
	return want
}

// body makes a body of which most fields are valid, some are missing, and some are invalid.
func (b *bodyTest) body(random *rand.Rand) string {
	example := map[string]any{}
	_ = json.Unmarshal([]byte(b.example), &example)
	var members []string
	add := func(name string, value any) {
		members = append(members, string(wire.Encode(name))+":"+string(wire.Encode(value)))
	}
	for _, f := range knownFields(b.api, b.typ) {
		mask, masked := b.masks[f.Name]
		switch roll := random.IntN(40); {
		case roll < 4: // missing
		case roll == 4:
			add(f.Name, badValues[random.IntN(len(badValues))])
		case roll == 5:
			add(f.Name, nil)
		case roll == 6:
			add(f.Name, "")
		case roll == 7 && masked:
			add(f.Name, mask)
		case hasKey(example, f.Name):
			add(f.Name, example[f.Name])
		case !f.ReadOnly && len(f.Enum) > 0:
			add(f.Name, f.Enum[random.IntN(len(f.Enum))])
		case !f.ReadOnly && f.Kind == "boolean":
			add(f.Name, random.IntN(2) == 0)
		}
	}
	if random.IntN(8) == 0 {
		names := surplusNames
		add(names[random.IntN(len(names))], []any{nil, "", false, "x", 1}[random.IntN(5)])
	}
	random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	body := "{" + strings.Join(members, ",") + "}"
	if random.IntN(50) == 0 {
		at := random.IntN(len(body))
		body = body[:at] + []string{"", ",", "}", "\x00", "\xff", "{}", `"type":"OPS_GENIE",`, " "}[random.IntN(8)] + body[min(len(body), at+random.IntN(3)):]
	}
	return body
}

var surplusNames = surplus()

var badValues = []any{
	nil, true, 1.5, "", " ", []any{}, map[string]any{"a": 1}, "US1", "*", "****", "*bcde", "****abcd", "https://h.example/****abcd",
	"http://", "//x", strings.Repeat("x", 100), "HIP_CHAT", "FLOWDOCK", "WEBHOOK",
}
