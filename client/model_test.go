package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
)

// viewOf returns a document as the generated struct of its type, and as the generated union.
func viewOf(t *testing.T, version, doc string) (view, union any) {
	t.Helper()
	if version == schemas.V1 {
		var in atlasv1.Integration
		if err := json.Unmarshal([]byte(doc), &in); err != nil {
			t.Fatal(err)
		}
		return must[any](t)(in.ValueByDiscriminator()), in
	}
	var in atlasv2.Integration
	if err := json.Unmarshal([]byte(doc), &in); err != nil {
		t.Fatal(err)
	}
	return must[any](t)(in.ValueByDiscriminator()), in
}

// pointerTo returns a pointer to a copy of v.
func pointerTo(v any) any {
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	return p.Interface()
}

// Each type of each API version has its view, and no other type fits into it, not even through more pointers.
func TestViews(t *testing.T) {
	for _, typ := range schemas.Types {
		doc := `{"type":"` + typ.Name + `"}`
		view, _ := viewOf(t, typ.APIVersion, doc)
		target := pointerTo(view)
		for _, target := range []any{target, pointerTo(target)} {
			if err := (client.Integration{Type: typ.Name, JSON: json.RawMessage(doc)}).As(target); err != nil {
				t.Errorf("%s as %T: %v", typ.Name, target, err)
			}
			for _, other := range schemas.Types {
				if other.Name == typ.Name {
					continue
				}
				err := client.Integration{Type: other.Name, JSON: json.RawMessage(`{"type":"` + other.Name + `"}`)}.As(target)
				var wrong *client.UsageError
				if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "is a view of "+typ.Name+", and the integration is of type "+other.Name) {
					t.Errorf("%s as %T: %v", other.Name, target, err)
				}
			}
		}
	}
}

// A typed value of each type, complete, is a payload: as a struct, as the union of types, and by pointers.
func TestTypedPayloads(t *testing.T) {
	for _, version := range []string{schemas.V1, schemas.V2} {
		for name, p := range examples(t, version) {
			view, union := viewOf(t, version, string(p.JSON()))
			for _, v := range []any{view, union, pointerTo(view), pointerTo(union), pointerTo(pointerTo(view))} {
				got := payload(t, v)
				if diff := cmp.Diff(fields(t, p.JSON()), fields(t, got.JSON())); diff != "" {
					t.Errorf("%s %s from a %T (-want +got):\n%s", version, name, v, diff)
				}
				if got.Type() != name {
					t.Errorf("%s %s from a %T: the type is %q", version, name, v, got.Type())
				}
			}
		}
	}
}

var sample = regexp.MustCompile(`such as (\{.*\})$`)

// A typed value without a required field is rejected, for each field of each type and for all together. The error
// names the field and an update that the server accepts.
func TestTypedPayloadsAreComplete(t *testing.T) {
	for _, version := range []string{schemas.V1, schemas.V2} {
		_, base := fake(t)
		c := connect(t, base, client.Options{APIVersion: version})
		for name, p := range examples(t, version) {
			must[client.Integration](t)(c.Create(context.Background(), project, p))
			var required []string
			for _, f := range schemas.Find(version, name).Fields {
				if f.Required && f.Const == "" && f.Kind != "boolean" { // false is a value
					required = append(required, f.Name)
				}
			}
			for _, missing := range append([][]string{required}, singleAttempt(required)...) {
				object := fields(t, p.JSON())
				for _, field := range missing {
					delete(object, field)
				}
				doc, _ := json.Marshal(object)
				view, _ := viewOf(t, version, string(doc))
				for _, v := range []any{view, pointerTo(view), unionOf(t, view)} {
					_, err := client.NewPayload(v)
					want := "the payload of " + name + ": required fields are empty: " + strings.Join(missing, ", ") + "; "
					if !strings.HasPrefix(fmt.Sprint(err), want) {
						t.Fatalf("%s %s from a %T: %v, want %s", version, name, v, err, want)
					}
					if typ := as[*client.PayloadError](t, err).Type; typ != name {
						t.Errorf("the type is %q, want %s", typ, name)
					}
					proposed := sample.FindStringSubmatch(err.Error())
					if proposed == nil {
						t.Fatalf("%s %s from a %T: no payload of an update in %v", version, name, v, err)
					}
					update := payload(t, proposed[1])
					if strings.Contains(string(update.JSON()), "...") {
						continue // to be filled in
					}
					if _, err := c.Update(context.Background(), project, update); err != nil {
						t.Errorf("%s %s: %v", version, name, err)
					}
				}
			}
		}
	}
}

func singleAttempt(names []string) (each [][]string) {
	for _, name := range names {
		each = append(each, []string{name})
	}
	return each
}

// unionOf returns the union with the value of a view, as the generated From functions fill it.
func unionOf(t *testing.T, view any) any {
	t.Helper()
	doc := must[[]byte](t)(json.Marshal(view))
	if strings.HasPrefix(reflect.TypeOf(view).String(), "atlasv1.") {
		var in atlasv1.Integration
		_ = in.UnmarshalJSON(doc)
		return in
	}
	var in atlasv2.Integration
	_ = in.UnmarshalJSON(doc)
	return in
}

type (
	ownPagerDuty  atlasv2.PagerDuty
	ownSlackV1    atlasv1.Slack
	embedding     struct{ atlasv2.PagerDuty }
	embeddingMore struct {
		*ownPagerDuty
		Note string `json:"note,omitempty"`
	}
	deep      struct{ *embedding }
	recursive struct {
		*recursive
		Type string `json:"type"`
	}
	plain struct {
		Type       string  `json:"type"`
		ServiceKey *string `json:"serviceKey"`
		Region     string  `json:"region,omitempty"`
	}
	partial struct {
		Type       string `json:"type"`
		ServiceKey string `json:"serviceKey,omitempty"`
		Region     string `json:"region"`
	}
)

// Structs of the caller's own are payloads if they are complete, and are rejected like generated ones if not.
func TestPayloadsOfOwnStructs(t *testing.T) {
	full, empty := atlasv2.PagerDuty{ServiceKey: hexKey}, ""
	const want, missing = `{"serviceKey":"` + hexKey + `","type":"PAGER_DUTY"}`, "required fields are empty: serviceKey; "
	for _, tc := range []struct {
		value any
		want  string // the payload, or the beginning of the error after the type
	}{
		{ownPagerDuty(full), want},
		{embedding{full}, want},
		{embeddingMore{(*ownPagerDuty)(&full), ""}, want},
		{deep{&embedding{full}}, want},
		{ownPagerDuty{}, missing},
		{ownPagerDuty{Type: "PAGER_DUTY"}, missing},
		{ownPagerDuty{Type: "DATADOG"}, `its Type is "DATADOG"`},
		{embedding{}, missing},
		{embeddingMore{}, missing},
		{deep{&embedding{atlasv2.PagerDuty{Type: "PAGER_DUTY"}}}, missing},
		{plain{Type: "PAGER_DUTY", Region: "EU"}, missing},
		{plain{Type: "PAGER_DUTY", ServiceKey: &empty}, missing},
		{partial{Type: "PAGER_DUTY", Region: "EU"}, `{"type":"PAGER_DUTY","region":"EU"}`},
		{recursive{nil, "PAGER_DUTY"}, `{"type":"PAGER_DUTY"}`},
		{map[string]any{"type": "PAGER_DUTY", "serviceKey": nil}, `{"serviceKey":null,"type":"PAGER_DUTY"}`},
	} {
		for _, v := range []any{tc.value, pointerTo(tc.value), pointerTo(pointerTo(tc.value))} {
			p, err := client.NewPayload(v)
			if strings.HasPrefix(tc.want, "{") { // the JSON of the payload
				if err != nil {
					t.Errorf("%T: %v", v, err)
				}
				if got := string(p.JSON()); !strings.HasPrefix(got, tc.want) {
					t.Errorf("%T: the payload is %s, want %s", v, got, tc.want)
				}
				continue
			}
			got := as[*client.PayloadError](t, err).Error()
			if want := "the payload of PAGER_DUTY: " + tc.want; !strings.HasPrefix(got, want) {
				t.Errorf("%T: the error is %s, want %s", v, got, want)
			}
		}
	}
	_, err := client.NewPayload(ownSlackV1{})
	if err == nil || !strings.HasPrefix(err.Error(), "the payload of SLACK: required fields are empty: apiToken, teamName; ") {
		t.Errorf("v1.0: %v", err)
	}
}

// A Go type that is defined by or embeds a view is a view.
func TestTypesDerivedFromViews(t *testing.T) {
	pagerDuty := client.Integration{Type: "PAGER_DUTY", JSON: json.RawMessage(`{"type":"PAGER_DUTY","serviceKey":"****2846"}`)}
	dataDog := client.Integration{Type: "DATADOG", JSON: json.RawMessage(datadog)}
	for _, target := range []any{new(ownPagerDuty), new(*ownPagerDuty), new(embedding)} {
		if err := pagerDuty.As(target); err != nil {
			t.Errorf("%T: %v", target, err)
		}
		err := dataDog.As(target)
		as[*client.UsageError](t, err)
		if want := "is a view of PAGER_DUTY, and the integration is of type DATADOG"; !strings.Contains(err.Error(), want) {
			t.Errorf("%T: %v, want %s", target, err, want)
		}
	}
	var own embedding
	if err := pagerDuty.As(&own); err != nil || own.ServiceKey != "****2846" {
		t.Errorf("%v %s", err, own.ServiceKey)
	}
}

// The update that the error shows for Slack is one that Atlas accepts of a linked workspace.
func TestAdviceForSlack(t *testing.T) {
	for _, v := range []any{atlasv2.Slack{}, atlasv1.Slack{}, atlasv2.Slack{APIToken: "t"}} {
		_, err := client.NewPayload(v)
		if err == nil || !strings.HasSuffix(err.Error(), `such as {"type":"SLACK","channelName":"..."}`) {
			t.Errorf("%T: %v", v, err)
		}
	}
}

// The update that the documentation shows keeps what the typed value would clear.
func TestUpdateOfOneField(t *testing.T) {
	atlas, base := fake(t)
	if err := atlas.Seed(project, `{"type":"PAGER_DUTY","serviceKey":"`+hexKey+`","region":"US"}`); err != nil {
		t.Fatal(err)
	}
	region := atlasv2.PagerDutyRegionEU
	_, err := client.NewPayload(atlasv2.PagerDuty{Region: &region})
	want := `the payload of PAGER_DUTY: required fields are empty: serviceKey; set them, or for an update pass only the fields to change ` +
		`as JSON, such as {"type":"PAGER_DUTY","region":"US"}`
	expectText(t, err, want)
	p := payload(t, map[string]any{"type": "PAGER_DUTY", "region": region})
	in := must[client.Integration](t)(connect(t, base, client.Options{}).Update(context.Background(), project, p))
	if got := in.String(); !strings.HasSuffix(got, " serviceKey=****************************2846 region=EU") {
		t.Errorf("it is %s", got)
	}
}
