package corpus

// Names for the tests.
const Variable = variable
