package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
)

// loose is an error of the network or of a checker that has a secret, and is no pointer.
type loose struct{ text, secret string }

func (e loose) Error() string { return e.text }

func reject(string, client.Payload) error { return loose{"no", privateCanary + keyCanary} }

// printed returns a value of each exported type, with a secret in each place that can have one.
func printed(t *testing.T, login client.Credentials) map[string]any {
	t.Helper()
	c := bare(t, "https://atlas.example", client.Options{Credentials: login, Transport: failing{loose{"lost " + privateCanary + keyCanary, keyCanary}}})
	p := payload(t, canaryPayload)
	_, err := c.Create(context.Background(), project, p)
	var transportErr *client.TransportError
	if !errors.As(err, &transportErr) {
		t.Fatalf("the error is %v", err)
	}
	_, err = bare(t, "https://atlas.example", client.Options{Credentials: login, Transport: at{echo(400)}}).Create(context.Background(), project, p)
	var apiErr *client.APIError
	if !errors.As(err, &apiErr) {
		t.Fatalf("the error is %v", err)
	}
	_, err = bare(t, "https://atlas.example", client.Options{Credentials: login, Check: reject}).Create(context.Background(), project, p)
	var wrong *client.PayloadError
	if !errors.As(err, &wrong) {
		t.Fatalf("the error is %v", err)
	}
	_, err = client.New(client.Options{BaseURL: "https://u:" + keyCanary + "@atlas.example", Credentials: login})
	var usage *client.UsageError
	if !errors.As(err, &usage) {
		t.Fatalf("the error is %v", err)
	}
	return map[string]any{
		"Client": *c, "Payload": p, "Credentials": login, "Options": client.Options{Credentials: login, Check: reject},
		"Integration":    client.Integration{Type: "WEBHOOK", ID: tokenCanary, JSON: []byte(canaryPayload)},
		"TransportError": *transportErr, "APIError": *apiErr, "PayloadError": *wrong, "UsageError": *usage,
		"UnreadError": client.UnreadError{Type: "DATADOG", Cause: apiErr},
		"Code":        apiErr.Code, "FieldViolation": apiErr.Fields[0],
	}
}

// Each exported type, by itself and in values that contain it, is printed without a secret by every verb. fmt calls no
// method of a value in an unexported field, and follows pointers for verbs that don't fit.
func TestNoExportedTypePrintsSecrets(t *testing.T) {
	names, seen := exportedTypes(t), map[string]bool{}
	for login, credentials := range secretLogins {
		values := printed(t, credentials)
		if diff := cmp.Diff(names, slices.Sorted(maps.Keys(values))); diff != "" {
			t.Fatalf("exported types and values to print (-types +values):\n%s", diff)
		}
		for name, v := range values {
			if got := reflect.TypeOf(v).Name(); got != name {
				t.Fatalf("the value of %s is a %s", name, got)
			}
			for _, container := range containers(v) {
				for _, verb := range verbs(v) {
					for _, flag := range []string{"", "+", "#", " "} {
						format := "%" + flag + string(verb)
						text := fmt.Sprintf(format, container)
						if seen[text] {
							continue
						}
						seen[text] = true
						for _, leak := range leaksAsNumbers(text) {
							t.Errorf("%s of %s in a %T, %s: %s", format, name, container, login, leak)
						}
					}
				}
			}
		}
	}
}

// verbs are those of fmt. For %p it calls no method, and the document of an integration is exported.
func verbs(v any) string {
	if _, ok := v.(client.Integration); ok {
		return "vsqxXdcUotbeT"
	}
	return "vsqxXdcUotbeTp"
}

// exportedTypes are the names of the package's exported types.
func exportedTypes(t *testing.T) (names []string) {
	t.Helper()
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				names = append(names, spec.Name.Name)
			}
			return true
		})
	}
	slices.Sort(names)
	return names
}

// sources are the files of the package.
func sources(t *testing.T) (files []*ast.File) {
	t.Helper()
	for _, name := range must[[]string](t)(filepath.Glob("*.go")) {
		if !strings.HasSuffix(name, "_test.go") {
			files = append(files, must[*ast.File](t)(parser.ParseFile(token.NewFileSet(), name, nil, 0)))
		}
	}
	return files
}

// containers returns v, a pointer to it, and values that contain it in exported and unexported places. An integration
// has its document in an exported field, so that only its methods can hide it: in exported places.
func containers(v any) []any {
	type container struct {
		Open   any
		closed any
	}
	type open struct{ Open any }
	pointer := reflect.New(reflect.TypeOf(v))
	pointer.Elem().Set(reflect.ValueOf(v))
	slice := reflect.MakeSlice(reflect.SliceOf(pointer.Type().Elem()), 0, 1)
	slice = reflect.Append(slice, pointer.Elem())
	found := []any{v, pointer.Interface(), slice.Interface(), open{v}, &open{pointer.Interface()}, map[string]open{"": {slice.Interface()}}}
	if _, ok := v.(client.Integration); ok {
		return found
	}
	return append(found,
		container{v, v}, &container{v, v}, container{pointer.Interface(), pointer.Interface()},
		map[string]container{"": {slice.Interface(), slice.Interface()}}, struct{ h *container }{&container{v, v}},
	)
}

func TestIntegrationAsText(t *testing.T) {
	for want, in := range map[string]client.Integration{
		"DATADOG 65f1a2b3c4d5e6f708192a3b apiKey=****************************2846 region=EU _newKey=(hidden) _newToggle=true": {
			Type: "DATADOG", ID: "65f1a2b3c4d5e6f708192a3b",
			JSON: []byte(`{"apiKey":"` + hexKey + `","customEndpoint":null,"region":"EU","_newToggle":true,"_newKey":"abc",` +
				`"type":"DATADOG","id":"65f1a2b3c4d5e6f708192a3b"}`),
		},
		"FLOWDOCK flowName=f orgName=\"two words\"": {Type: "FLOWDOCK", JSON: []byte(`{"type":"FLOWDOCK","flowName":"f","orgName":"two words"}`)},
		"CARRIER_PIGEON ring=(hidden)":              {Type: "CARRIER_PIGEON", JSON: []byte(`{"type":"CARRIER_PIGEON","ring":"short"}`)},
		"integration without a type":                {},
	} {
		for _, verb := range []string{"%v", "%s", "%+v", "%#v", "%q"} {
			if got := fmt.Sprintf(verb, in); got != want {
				t.Errorf("%s prints\n%s, want\n%s", verb, got, want)
			}
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("stored", "integration", in)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(log.String(), `"integration":`+string(text)) {
			t.Errorf("the log has\n%s, want\n%s", log.String(), text)
		}
	}
}

// A client that was not created with New fails, and does not panic.
func TestEmptyClient(t *testing.T) {
	var c client.Client
	for method, call := range calls {
		var wrong *client.UsageError
		if err := call(context.Background(), &c); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", method, err)
		}
	}
	_, listed := c.List(context.Background(), project)
	_, _, applied := c.Apply(context.Background(), project, payload(t, datadog))
	for _, err := range []error{listed, applied, c.Close(), (*client.Client)(nil).Close()} {
		expectText(t, err, "the client is empty; create it with New")
	}
	if got := fmt.Sprint(c, http.StatusOK); got != "empty client 200" {
		t.Errorf("it prints %s", got)
	}
}
