package apply

import "github.com/atlasint/atlasint/validate"

// Names for the tests.
type (
	PruneError = pruneError
	SendError  = sendError
)

var ErrChanged = errChanged

func (p Prune) CheckResults(files []string, results []validate.Result) error {
	return p.checkResults(files, results)
}
