// Package exit defines the exit codes of the command. Only package cli imports it: other packages return errors with a
// kind of package problem.
package exit

// The exit codes; the help topic exit-codes describes them.
const (
	OK       = 0
	Findings = 1
	Usage    = 2
	Failure  = 3
)
