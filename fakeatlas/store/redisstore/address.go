package redisstore

import (
	"crypto/tls"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

const (
	defaultPort   = "6379"
	defaultPrefix = "atlasint"
	prefixLimit   = 64
)

// timeLimits are the time limits of Redis. A command is tried once, since the result of a failed try is unknown.
type timeLimits struct{ dial, command, sweep time.Duration } // sweep: of an operation that visits every key

// limits are those of [Open].
func limits() timeLimits {
	return timeLimits{dial: time.Second, command: 2 * time.Second, sweep: 30 * time.Second}
}

// checkedTime is the life of the key that a check of Redis writes.
const checkedTime = 30 * time.Second

// wrong returns the error for an invalid address. It does not repeat the address, which contains a password.
func wrong(text string) error {
	return &store.Failure{Text: text + "; write redis://HOST:PORT/DB, with rediss for TLS"}
}

// parse reads an address. Only the options contain the password.
func (t timeLimits) parse(address string) (opts *redis.UniversalOptions, prefix string, err error) {
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Opaque != "", u.Fragment != "":
		return nil, "", wrong("the address of Redis is malformed")
	case u.Scheme != "redis" && u.Scheme != "rediss":
		return nil, "", wrong("the address of Redis has the wrong scheme")
	case strings.Contains(u.Host, ","):
		return nil, "", wrong("the address of Redis has several hosts; add the others as parameters, addr=HOST:PORT")
	case u.Hostname() == "":
		return nil, "", wrong("the address of Redis has no host")
	}
	opts = t.options()
	opts.Addrs = []string{withPort(u.Host)}
	opts.Username = u.User.Username()
	opts.Password, _ = u.User.Password()
	if opts.Username != "" && opts.Password == "" { // the client would be the default user
		return nil, "", &store.Failure{
			Text: "the address of Redis has a user without a password; set REDIS_PASSWORD, or write redis://USER:PASSWORD@HOST:PORT/DB",
		}
	}
	if u.Scheme == "rediss" {
		opts.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if db := strings.Trim(u.Path, "/"); db != "" {
		if opts.DB, err = strconv.Atoi(db); err != nil || opts.DB < 0 {
			return nil, "", wrong("the database in the address of Redis is not a number, 0 or more")
		}
	}
	prefix, err = parameters(u.RawQuery, opts)
	return opts, prefix, err
}

func (t timeLimits) options() *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Protocol: 2, DisableIdentity: true, MaxRetries: -1, ContextTimeoutEnabled: true,
		DialTimeout: t.dial, ReadTimeout: t.command, WriteTimeout: t.command, PoolTimeout: t.command,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// parameters reads the part of an address behind the question mark.
func parameters(query string, opts *redis.UniversalOptions) (prefix string, err error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", wrong("the parameters in the address of Redis are malformed")
	}
	prefix = defaultPrefix
	for name, texts := range values {
		switch name {
		case "prefix":
			prefix = texts[len(texts)-1]
		case "cluster":
			if opts.IsClusterMode, err = strconv.ParseBool(texts[0]); err != nil {
				return "", wrong("cluster in the address of Redis must be true or false")
			}
		case "addr":
			for _, addr := range texts {
				if strings.ContainsAny(addr, "@/") { // a URL, whose password would be a part of the host
					return "", wrong("addr in the address of Redis must be HOST:PORT")
				}
				opts.Addrs = append(opts.Addrs, withPort(addr))
			}
		default:
			return "", wrong("the address of Redis has an unknown parameter; known: prefix, cluster, addr")
		}
	}
	switch {
	case !isPrefix(prefix):
		return "", wrong("the prefix in the address of Redis must have 1 to 64 letters, digits, and any of ._-")
	case opts.DB != 0 && (opts.IsClusterMode || len(opts.Addrs) > 1):
		return "", wrong("a cluster of Redis has only database 0")
	}
	return prefix, nil
}

// isPrefix reports whether a name has no special meaning in patterns and no influence on the slot of a key. It has no
// colon: no prefix with the colon after it begins the keys of another one.
func isPrefix(s string) bool {
	letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	return s != "" && len(s) <= prefixLimit && strings.Trim(s, letters) == ""
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), defaultPort)
}
