// Package redistest runs a real Redis for tests: the installed redis-server or valkey-server. Only tests
// import it.
package redistest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// TB has the methods of *testing.T that the package uses.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
	TempDir() string
}

// program returns the first of the named programs that is installed.
func program(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Installed reports whether a Redis server and its client are installed.
func Installed() bool { return server() != "" && client() != "" }

func server() string { return program("redis-server", "valkey-server") }

func client() string { return program("redis-cli", "valkey-cli") }

// Server is a Redis on a port of the loopback interface, with its own folder. It writes every command to
// disk before it responds, so that acknowledged data survives [Server.Kill].
type Server struct {
	Addr  string // host and port, the same after a restart
	Dir   string // where it keeps its files
	Roots string // the file of trusted certificates, if the server uses TLS

	t    TB
	args []string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

// Start starts a Redis and waits until it responds. It stops the server when the test ends. The arguments are those of
// redis-server.
func Start(t TB, args ...string) *Server {
	t.Helper()
	s := &Server{t: t, Addr: freeAddr(t), Dir: t.TempDir()}
	s.start("--port", args)
	return s
}

// StartTLS is like [Start] for a server that accepts only TLS, with a certificate for a name or an address. It requires
// no client certificates.
func StartTLS(t TB, name string, args ...string) *Server {
	t.Helper()
	s := &Server{t: t, Addr: freeAddr(t), Dir: t.TempDir()}
	key := filepath.Join(s.Dir, keyFile)
	s.Roots = filepath.Join(s.Dir, "certificate.pem")
	if err := certify(name, s.Roots, key); err != nil {
		t.Fatalf("%v", err)
	}
	s.start("--tls-port", append([]string{
		"--port", "0", "--tls-cert-file", s.Roots, "--tls-key-file", key, "--tls-ca-cert-file", s.Roots, "--tls-auth-clients", "no",
	}, args...))
	return s
}

func (s *Server) start(portFlag string, args []string) {
	s.t.Helper()
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		s.t.Fatalf("%v", err)
	}
	s.args = append([]string{
		"--bind", host, portFlag, port, "--dir", s.Dir, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
	}, args...)
	s.t.Cleanup(s.Kill)
	s.Restart()
}

// freeAddr returns an address that is free now. A cluster also needs the port 10000 above it. Both are below the ports
// that the operating system gives to connections and to listeners without a port: one of those could take the address
// before the server does, and while it is restarted.
func freeAddr(t TB) string {
	t.Helper()
	for range 100 {
		port := 10_000 + rand.IntN(12_000)
		addr := fmt.Sprintf("127.0.0.1:%d", port)
		if isFree(addr) && isFree(fmt.Sprintf("127.0.0.1:%d", port+10_000)) {
			return addr
		}
	}
	t.Fatalf("no port is free whose neighbor 10000 above is free too")
	return ""
}

func isFree(addr string) bool {
	listener, err := net.Listen("tcp", addr)
	if err == nil {
		_ = listener.Close()
	}
	return err == nil
}

// Restart starts the server again after [Server.Kill], with the data that it had acknowledged.
func (s *Server) Restart() {
	s.t.Helper()
	s.cmd = exec.Command(server(), s.args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("%v", err)
	}
	s.await("PING", "PONG", "NOAUTH")
}

// Kill stops the server at once. It does nothing if the server has stopped.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// Do sends a command with redis-cli and returns its output.
func (s *Server) Do(args ...string) string {
	host, port, _ := net.SplitHostPort(s.Addr)
	to := []string{"-h", host, "-p", port}
	if s.Roots != "" {
		to = append(to, "--tls", "--insecure", "--cert", s.Roots, "--key", filepath.Join(s.Dir, keyFile))
	}
	out, err := exec.Command(client(), append(to, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%v: %s", err, out)
	}
	return string(out)
}

// await repeats a command until it gets one of the responses.
func (s *Server) await(command string, responses ...string) {
	s.t.Helper()
	last := ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		last = s.Do(strings.Fields(command)...)
		if slices.ContainsFunc(responses, func(response string) bool { return strings.Contains(last, response) }) {
			return
		}
	}
	s.Kill() // its log is not written to any more
	s.t.Fatalf("%s replies %s to %s, want %s:\n%s", filepath.Base(s.cmd.Path), last, command, strings.Join(responses, " or "), s.log.String())
}

// StartCluster returns three nodes that are masters of one cluster.
func StartCluster(t TB) []*Server {
	t.Helper()
	var nodes []*Server
	args := []string{"--cluster", "create"}
	for range 3 {
		node := Start(t, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")
		nodes, args = append(nodes, node), append(args, node.Addr)
	}
	if out, err := exec.Command(client(), append(args, "--cluster-yes")...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, node := range nodes {
		node.await("CLUSTER INFO", "cluster_state:ok")
	}
	return nodes
}
