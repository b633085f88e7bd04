package connection

// Names for the tests.
var IsTrusted = isTrusted
