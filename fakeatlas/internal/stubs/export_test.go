package stubs

// Names for the tests.
const MaxBody = maxBody
const MaxStubs = maxStubs
