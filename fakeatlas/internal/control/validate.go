package control

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// validationRequest is a payload, and the request for which it is validated.
type validationRequest struct {
	APIVersion string          `json:"apiVersion"` // v2, the default, or v1.0
	Operation  string          `json:"operation"`  // create, the default, or update
	Body       json.RawMessage `json:"body"`
}

// validators are validators by their options.
var validators sync.Map

func validatorFor(apiVersion, operation string) (*validate.Validator, error) {
	options := validate.Options{APIVersion: apiVersion, Operation: validate.Operation(operation), Literals: true}
	key := apiVersion + " " + operation
	if found, ok := validators.Load(key); ok {
		return found.(*validate.Validator), nil // nothing else is in the map
	}
	v, err := validate.New(options)
	if err == nil {
		validators.Store(key, v)
	}
	return v, err
}

// postValidate returns the findings of a payload. It stores nothing.
func (a *API) postValidate(r *http.Request) (int, any, error) {
	sent := validationRequest{APIVersion: schemas.V2, Operation: string(validate.Create)}
	if err := read(r, maxPayload, &sent); err != nil {
		return 0, nil, err
	}
	switch {
	case !atlas.IsVersion(sent.APIVersion):
		return 0, nil, newError(http.StatusBadRequest, "apiVersion is not an API version", "use v2 or v1.0")
	case sent.Operation != string(validate.Create) && sent.Operation != string(validate.Update):
		return 0, nil, newError(http.StatusBadRequest, "operation is not an operation", "use create or update")
	case len(sent.Body) == 0:
		return 0, nil, newError(http.StatusBadRequest, "the request has no body member", "send the payload as body")
	}
	v, err := validatorFor(sent.APIVersion, sent.Operation)
	if err != nil {
		return 0, nil, err
	}
	findings := []wire.Object{}
	for _, f := range v.Check("body", sent.Body) {
		findings = append(findings, wire.Object{
			wire.Field("rule", f.Rule),
			wire.Field("severity", string(f.Severity)),
			wire.Field("pointer", f.Pointer),
			wire.Field("message", f.Message),
			wire.Field("hint", f.Hint),
		})
	}
	return http.StatusOK, wire.Object{wire.Field("findings", findings)}, nil
}
