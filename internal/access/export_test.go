package access

// Names for the tests.
const Roles = roles
