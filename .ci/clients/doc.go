// Package clients points the clients that people use, as they are, at the fake: the Go client of v1.0, the
// official SDK, two digest libraries, curl and LWP of Perl; it sends the bodies of the Kubernetes operator and the nulls
// of two SDKs. Beside them it replays what Atlas itself has answered.
//
// It is a module of its own, in a folder that the go command leaves out of ./..., so that the product needs
// none of these clients. Run it with ./run.
package clients
