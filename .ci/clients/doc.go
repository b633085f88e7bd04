// Package clients runs common, unmodified clients against the fake: the Go client of v1.0, the official SDK, two digest
// libraries, curl, LWP of Perl and the parser of Prometheus. The tests of package fakeatlas replay recorded runs of other
// clients.
// It is a module of its own, so that the product needs none of these clients. Run it with ./run.
package clients
