//go:build !slowpath

package schema

// fastPath lets the tree accept values. Tests also run with the build tag slowpath, which leaves every value to
// jsonschema/v5.
const fastPath = true
