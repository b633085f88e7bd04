//go:build slowpath

package schema

const fastPath = false
