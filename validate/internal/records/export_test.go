package records

// Read is read for the tests.
var Read = read
