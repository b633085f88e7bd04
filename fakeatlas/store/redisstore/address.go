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

// The time limits of Redis. A command is tried once, since the result of a failed try is unknown.
const (
	dialTime    = time.Second
	commandTime = 2 * time.Second
	sweepTime   = 30 * time.Second // for all commands of one that visits every key
)

// wrong never repeats the address: a part of it is a password.
func wrong(text string) error {
	return &store.Failure{Text: text + "; write redis://HOST:PORT/DB, with rediss for TLS"}
}

// parse reads an address. Only the options contain the password.
func parse(address string) (opts *redis.UniversalOptions, prefix string, err error) {
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
	opts = defaults()
	opts.Addrs = []string{withPort(u.Host)}
	opts.Username = u.User.Username()
	opts.Password, _ = u.User.Password()
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

func defaults() *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Protocol: 2, DisableIdentity: true, MaxRetries: -1, ContextTimeoutEnabled: true,
		DialTimeout: dialTime, ReadTimeout: commandTime, WriteTimeout: commandTime, PoolTimeout: commandTime,
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
				opts.Addrs = append(opts.Addrs, withPort(addr))
			}
		default:
			return "", wrong("the address of Redis has an unknown parameter; known: prefix, cluster, addr")
		}
	}
	switch {
	case !isPrefix(prefix):
		return "", wrong("the prefix in the address of Redis must have 1 to 64 letters, digits, and any of .:_-")
	case opts.DB != 0 && (opts.IsClusterMode || len(opts.Addrs) > 1):
		return "", wrong("a cluster of Redis has only database 0")
	}
	return prefix, nil
}

// isPrefix reports whether a name has no special meaning in patterns and no influence on the slot of a key.
func isPrefix(s string) bool {
	letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-"
	return s != "" && len(s) <= prefixLimit && strings.Trim(s, letters) == ""
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), defaultPort)
}
