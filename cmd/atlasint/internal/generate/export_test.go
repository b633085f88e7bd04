package generate

// Names for the tests.
type Job = job

var IsGenerated = isGenerated
