// Package redisstore keeps the state of a fake Atlas in Redis or Valkey, one server or a cluster, for many servers of
// the fake at a time: it is a [store.SharedStore]. Acknowledged data lasts as long as Redis itself keeps it.
//
// A project is a hash, its fields the types, the alert configurations and the format. The records of all projects and
// their names are one more hash, the registry. Redis has masks in place of secrets, see [store.Store], and access
// tokens as hashes. Each record has a checksum. A Redis that can evict keys, or has data of another format under the
// prefix, is not used.
//
// In a cluster, a project and the registry have different slots, and no script changes both. Still, no interleaving of
// clients, and no end of a process in between, leaves a half-deleted project or a name that two projects have:
//
//   - A name is unique because one script on the registry compares and stores it together with the record.
//   - To delete a project, one script on its own hash replaces all of it by a tombstone. From then on, every script for
//     integrations fails, and readers ignore the record. Only then is the record removed, by a script on the registry
//     that also rejects new records for the ID.
//   - If a process ends between the two, the record of a project with a tombstone is left. It has no effect, and the
//     next client that lists the projects or needs the name removes it.
//   - An alert configuration and the integrations that it uses are in the same hash. One script stores it, if the
//     integrations are still those that the server has checked; one script removes an integration, unless an alert
//     configuration keeps it. The tombstone replaces both.
//
// Tombstones don't expire. The registry counts them, and the oldest of more than 10,000 is removed.
package redisstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/syserr"
)

// errUnusable is in the chain of errors if Redis responds but the store must not use it: Redis can evict keys, its data
// has another format, or its user lacks a permission.
var errUnusable = errors.New("unusable")

// Store keeps the state of a fake Atlas under a prefix in Redis. It is safe for concurrent use. Create it with [Open].
type Store struct {
	client  redis.UniversalClient
	prefix  string
	address string // for messages
	tls     bool
	limits  timeLimits
	// tombstones is how many deleted projects are remembered.
	tombstones int
	responded  atomic.Bool // Redis has responded once
	inspected  atomic.Bool // the last inspection found no fault, and no connection has begun since
}

var (
	_ store.Store       = (*Store)(nil)
	_ store.SharedStore = (*Store)(nil)
)

// Open returns a store at redis://USER:PASSWORD@HOST:PORT/DB, or rediss:// for TLS. Parameters: prefix, with which all
// keys begin (atlasint); cluster=true for a cluster; addr=HOST:PORT for another node of it, which may be repeated. A
// user needs a password. The error is a [*store.Failure] about the address, and never repeats the password.
//
// Open does not connect; the first call of a method does. Each call returns within a few seconds. After a failure,
// the store works again as soon as Redis does. Open turns the log of the Redis client off for the whole process,
// because the errors of the store contain the causes. The caller closes the store.
func Open(address string) (*Store, error) { return limits().open(address) }

// disableLogging is called by the first Open only: connections of other stores read what it sets.
var disableLogging = sync.OnceFunc(logging.Disable)

func (t timeLimits) open(address string) (*Store, error) {
	opts, prefix, err := t.parse(address)
	if err != nil {
		return nil, err
	}
	disableLogging()
	s := &Store{limits: t, prefix: prefix, address: redact.Path(opts.Addrs[0]), tls: opts.TLSConfig != nil, tombstones: record.MaxDeleted}
	opts.OnConnect = s.checkConnection
	s.client = connect(opts)
	return s, nil
}

// connect makes the client of one server or of a cluster, which dials once for a command and not five times.
func connect(opts *redis.UniversalOptions) redis.UniversalClient {
	if opts.IsClusterMode || len(opts.Addrs) > 1 {
		cluster := opts.Cluster()
		cluster.DialerRetries = 1
		return redis.NewClusterClient(cluster)
	}
	single := opts.Simple()
	single.DialerRetries = 1
	return redis.NewClient(single)
}

// Address returns the host and port of the first node.
func (s *Store) Address() string { return s.address }

// Kind returns "redis".
func (s *Store) Kind() string { return "redis" }

// KeepsSecrets returns false: Redis contains masks.
func (s *Store) KeepsSecrets() bool { return false }

// Close ends the connections. It may be called more than once.
func (s *Store) Close() error {
	if err := s.client.Close(); !errors.Is(err, redis.ErrClosed) {
		return s.failure(err)
	}
	return nil
}

// failure returns an error with a text of this package: the texts of Redis and of the network may contain secrets.
func (s *Store) failure(err error) error {
	if err == nil {
		s.responded.Store(true)
		return nil
	}
	var worded *store.Failure
	if errors.As(err, &worded) {
		return err
	}
	switch code(err) {
	case evictsCode:
		return s.evicts()
	case deletedCode:
		return store.ErrDeleted
	case formatCode:
		_, format, _ := strings.Cut(err.Error(), " ")
		return s.otherFormat(format)
	}
	text := s.reason(err)
	if code(err) == forbiddenCode {
		return s.unusable(text)
	}
	failure := failureAt(s.nodeOf(err), text, err)
	failure.WrongCredentials = code(err) == "NOAUTH" || code(err) == "WRONGPASS"
	return failure
}

// nodeError is the cause of each [store.Failure] whose text names a node.
type nodeError struct {
	reason string // the text of the failure without the node
	cause  error  // may be nil; its text may contain secrets
}

// Error returns the reason.
func (e *nodeError) Error() string { return e.reason }

// Unwrap returns the cause.
func (e *nodeError) Unwrap() error { return e.cause }

// failureAt returns the error about the node with an address. Neither text may contain a secret.
func failureAt(node, reason string, cause error) *store.Failure {
	return &store.Failure{Text: "Redis at " + node + ": " + reason, Cause: &nodeError{reason, cause}}
}

// withNode returns an error with the address of the node that it is about.
func withNode(node string, err error) error {
	var failure *store.Failure
	var about *nodeError
	if !errors.As(err, &failure) || !errors.As(failure.Cause, &about) {
		return err
	}
	named := failureAt(redact.Path(node), about.reason, err)
	named.WrongCredentials = failure.WrongCredentials
	return named
}

// nodeOf returns the address of the node of a cluster that a network error is about, or that of the first node.
func (s *Store) nodeOf(err error) string {
	var network *net.OpError
	if _, isCluster := s.client.(*redis.ClusterClient); isCluster && errors.As(err, &network) && network.Addr != nil {
		return redact.Path(network.Addr.String())
	}
	return s.address
}

func (s *Store) reason(err error) string {
	var (
		reply       redis.Error
		number      syscall.Errno
		unknownHost *net.DNSError
		otherName   x509.HostnameError
		invalid     x509.CertificateInvalidError
		untrusted   *tls.CertificateVerificationError
		noTLS       tls.RecordHeaderError
		network     *net.OpError
		timeout     net.Error
	)
	switch {
	case errors.As(err, &reply):
		return ofReply(reply)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, redis.ErrPoolTimeout), errors.As(err, &timeout) && timeout.Timeout():
		return s.withSettingsHint("it did not respond in time")
	case errors.Is(err, context.Canceled):
		return "the client closed the connection before Redis responded"
	case errors.As(err, &unknownHost):
		return "the host does not exist"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), syserr.Reset.Is(err),
		errors.As(err, &network) && network.Op == "remote error": // an alert of TLS
		return s.withSettingsHint("it closed the connection")
	case errors.As(err, &number):
		return syserr.Text(number)
	case errors.As(err, &otherName):
		return "its certificate is for another host; use the host name in the certificate"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not valid yet; replace it, or correct the clock of this machine"
	case errors.As(err, &untrusted):
		return "its certificate is not trusted; set SSL_CERT_FILE to the certificate of its authority"
	case errors.As(err, &noTLS):
		return "it does not support TLS; use redis:// instead of rediss://"
	case errors.Is(err, redis.ErrClosed):
		return "the store is closed"
	default:
		return "its response is invalid"
	}
}

// withSettingsHint adds the settings to change, unless Redis has responded before.
func (s *Store) withSettingsHint(text string) string {
	switch {
	case s.responded.Load():
		return text
	case s.tls:
		return text + "; if it does not support TLS, use redis://; if it requires client certificates, set its tls-auth-clients to no"
	default:
		return text + "; if it requires TLS, use rediss://"
	}
}

// code returns the first word of an error that Redis replies.
func code(err error) string {
	var reply redis.Error
	if !errors.As(err, &reply) {
		return ""
	}
	word, _, _ := strings.Cut(reply.Error(), " ")
	for _, inScript := range []string{"WRONGTYPE", forbiddenCode} { // in a script it need not come first
		if strings.Contains(reply.Error(), inScript) {
			return inScript
		}
	}
	if strings.Contains(reply.Error(), "The user executing the script can't") { // Redis 7.0 writes no code of its own
		return forbiddenCode
	}
	if word == "" || strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "ERR"
	}
	return word
}

// forbiddenCode is the code of the errors for commands and keys that the user may not use.
const forbiddenCode = "NOPERM"

var forbiddenCommand = regexp.MustCompile(`run the '([a-z|]+)' command`)

// forbidden describes a permission that the user lacks.
func forbidden(reply string) string {
	const hint = "; allow it in the ACL of the user"
	if found := forbiddenCommand.FindStringSubmatch(reply); found != nil {
		return "its user may not run the command " + strings.ToUpper(found[1]) + hint
	}
	return "its user may not use the keys with this prefix, or a command" + hint
}

func ofReply(err error) string {
	switch word := code(err); word {
	case "NOAUTH", "WRONGPASS":
		return "it does not accept the user or the password"
	case forbiddenCode:
		return forbidden(err.Error())
	case "MOVED", "ASK":
		return "it is a node of a cluster; add ?cluster=true to its address"
	case "CLUSTERDOWN":
		return "its cluster is down"
	case "OOM", "MISCONF", "READONLY", "LOADING":
		return "it rejects writes: " + word
	case "WRONGTYPE":
		return foreign
	default:
		return "it returned the error " + word
	}
}

// foreign is the error for data that this module did not write.
const foreign = "its keys with this prefix belong to another program; set another prefix"

// bounded returns a context with the time limit of one command.
func (s *Store) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.limits.command)
}

// run runs a script on one key.
func (s *Store) run(ctx context.Context, lua script, key string, args ...any) *redis.Cmd {
	return s.runKeys(ctx, lua, []string{key}, args...)
}

// runKeys runs a script on keys of one slot.
func (s *Store) runKeys(ctx context.Context, lua script, keys []string, args ...any) *redis.Cmd {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return lua.Run(ctx, s.client, keys, args...)
}
