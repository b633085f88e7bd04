// Package redistest runs a real Redis for tests: redis-server, or valkey-server, of the machine. Nothing but
// tests imports it.
package redistest

import (
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// TB is what the package needs of a test; *testing.T has it.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
	TempDir() string
}

// program is the first of the names that the machine has.
func program(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Installed tells whether the machine has a Redis, and its client.
func Installed() bool { return server() != "" && client() != "" }

func server() string { return program("redis-server", "valkey-server") }

func client() string { return program("redis-cli", "valkey-cli") }

// Server is a Redis on a port of the loopback interface, with a folder of its own. It writes every command to
// disk before it answers, so that what it has acknowledged outlasts [Server.Kill].
type Server struct {
	Addr  string // host and port, the same after a restart
	Dir   string // where it keeps its files
	Roots string // the file of whom to trust, of one that speaks TLS

	t    TB
	args []string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

// Start returns a Redis that answers. It ends with the test. The arguments are those of redis-server.
func Start(t TB, args ...string) *Server {
	t.Helper()
	s := &Server{t: t, Addr: freeAddr(t), Dir: t.TempDir()}
	s.start("--port", args)
	return s
}

// StartTLS is [Start] of one that speaks TLS alone, with a certificate for a name or an address, and asks for
// none of its clients.
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

// freeAddr is free when it is asked for. A cluster needs the port 10000 above it as well.
func freeAddr(t TB) string {
	t.Helper()
	for range 100 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatalf("%v", err)
		}
		addr := listener.Addr().(*net.TCPAddr)
		_ = listener.Close()
		bus, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", addr.Port+10000))
		if addr.Port+10000 < 1<<16 && err == nil {
			_ = bus.Close()
			return addr.String()
		}
	}
	t.Fatalf("no port is free whose neighbour 10000 above is free too")
	return ""
}

// Restart starts it again after [Server.Kill], with what it had acknowledged.
func (s *Server) Restart() {
	s.t.Helper()
	s.cmd = exec.Command(server(), s.args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("%v", err)
	}
	s.await("PING", "PONG", "NOAUTH")
}

// Kill ends it at once; it may be dead already.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// Do sends a command by redis-cli, and returns what that prints.
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

// await wants one of the answers to a command.
func (s *Server) await(command string, answers ...string) {
	s.t.Helper()
	last := ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		last = s.Do(strings.Fields(command)...)
		if slices.ContainsFunc(answers, func(answer string) bool { return strings.Contains(last, answer) }) {
			return
		}
	}
	s.Kill() // its log is not written to any more
	s.t.Fatalf("%s says %s to %s, and not %s:\n%s", filepath.Base(s.cmd.Path), last, command, strings.Join(answers, " or "), s.log.String())
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
