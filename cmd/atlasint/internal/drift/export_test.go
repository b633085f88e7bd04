package drift

// Names for the tests.
const (
	V1 = v1
	V2 = v2
)

type Fault = documentError

var (
	Parse      = parseDocument
	ReadLedger = readLedger
)
