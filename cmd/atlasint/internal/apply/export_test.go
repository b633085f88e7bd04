package apply

import "github.com/atlasint/atlasint/validate"

// SendError and ErrChanged are names for the tests.
type SendError = sendError

var ErrChanged = errChanged

func (p Prune) CheckResults(files []string, results []validate.Result) error {
	return p.checkResults(files, results)
}
