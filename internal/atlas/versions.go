package atlas

import "github.com/atlasint/atlasint/gen/schemas"

// Versions returns the API versions, the default first.
func Versions() []string { return []string{schemas.V2, schemas.V1} }

// IsVersion reports whether s is an API version.
func IsVersion(s string) bool { return s == schemas.V2 || s == schemas.V1 }
