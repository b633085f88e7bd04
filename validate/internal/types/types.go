// Package types has the integration types of an API version with their schemas.
package types

import (
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/validate/internal/rename"
)

// Type is one integration type with the schema of its request bodies, which is compiled on first use.
type Type struct {
	*atlas.Type
	Schema func() *schema.Schema
}

// Set are the types of one API version. It must not be changed.
type Set struct {
	ByName map[string]*Type
	Names  []string // in the order of the API

	apiVersion string
}

// Other returns the types of the other API version.
func (s *Set) Other() *Set { return Of(atlas.OtherVersion(s.apiVersion)) }

// TypeOf returns the type that a payload names, nil if there is none. There may be no payload.
func (s *Set) TypeOf(root *jsonpos.Value) *atlas.Type {
	if root == nil || root.Member("type") == nil || s.ByName[root.Member("type").Value.Text] == nil {
		return nil
	}
	return s.ByName[root.Member("type").Value.Text].Type
}

// Of returns the types of an API version. They are built once and shared by all validators.
func Of(apiVersion string) *Set {
	if apiVersion == schemas.V1 {
		return v1()
	}
	return v2()
}

var (
	v1 = sync.OnceValue(func() *Set { return newSet(schemas.V1) })
	v2 = sync.OnceValue(func() *Set { return newSet(schemas.V2) })
)

func newSet(apiVersion string) *Set {
	s := &Set{ByName: map[string]*Type{}, apiVersion: apiVersion}
	for _, t := range atlas.Types(apiVersion) {
		s.Names = append(s.Names, t.Name)
		s.ByName[t.Name] = &Type{t, sync.OnceValue(func() *schema.Schema {
			source, _ := schemas.Schema(t.APIVersion, t.Name)
			return mustCompile(source)
		})}
	}
	return s
}

// mustCompile compiles a published schema. It panics if the schema is invalid; specgen compiles every schema before it
// is published.
func mustCompile(source []byte) *schema.Schema {
	s, err := schema.Compile(source)
	if err != nil {
		panic("validate: " + err.Error()) //nolint:forbidigo // as the name says
	}
	return s
}

// Owners returns the types of the API version that have the field, in the order of the API.
func (s *Set) Owners(name string) []string {
	var owners []string
	for _, typeName := range s.Names {
		if f := s.ByName[typeName].Payload.Lookup(name); f != nil && !f.ReadOnly {
			owners = append(owners, typeName)
		}
	}
	return owners
}

// Fitting returns the types that have all of the named fields; none for no names.
func (s *Set) Fitting(names []string) []string {
	var fits []string
	for _, typeName := range s.Names {
		t := s.ByName[typeName]
		missing := func(name string) bool { return t.Payload.Lookup(name) == nil }
		if len(names) > 0 && !slices.ContainsFunc(names, missing) {
			fits = append(fits, typeName)
		}
	}
	return fits
}

// Meant returns the type that an unknown name most likely means, or "". Some are better known by the name
// of their service, as TEAMS or SPLUNK_ON_CALL.
func (s *Set) Meant(name string) string {
	near, letters := suggest.Nearest(name, s.Names), rename.Letters(name)
	for i := 0; near == "" && len(letters) >= rename.MinPartial && i < len(s.Names); i++ {
		if strings.Contains(rename.Letters(s.ByName[s.Names[i]].Title), letters) {
			near = s.Names[i]
		}
	}
	return near
}

// IsOAuthOnly reports whether the payload has no other fields than those that manage an integration linked by
// OAuth2.
func (t *Type) IsOAuthOnly(root *jsonpos.Value) bool {
	own := 0
	for i := range root.Members {
		name := root.Members[i].Name
		if f := t.Payload.Lookup(name); f == nil || !f.Free() {
			continue
		}
		if own++; !slices.Contains(t.OAuthFields, name) {
			return false
		}
	}
	return own > 0
}
